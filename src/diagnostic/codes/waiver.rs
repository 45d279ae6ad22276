//! Codes of what has become of exceptions that were granted.

super::codes! {
    WAIVER_EXPIRED = "waiver-expired", en: "a waiver has expired", zh: "豁免已过期";
    WAIVER_UNUSED = "waiver-unused", en: "a waiver excepts from nothing", zh: "豁免没有对应的冲突";
    WAIVER_OUT_OF_SCOPE = "waiver-out-of-scope", en: "a conflict reaches beyond the ground of its waiver", zh: "冲突超出豁免范围";
}
