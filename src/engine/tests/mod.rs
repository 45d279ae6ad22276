mod build;
mod cures;
mod findings;
mod functions;
mod naive;
mod oracle;
mod pairs;
mod unknown;
