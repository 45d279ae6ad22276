mod build;
mod findings;
mod naive;
mod pairs;
mod unknown;
