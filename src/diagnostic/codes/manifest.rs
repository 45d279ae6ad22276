//! Codes of mistakes in a manifest, or in the `pack.yaml` of a pack.

super::codes! {
    BROKEN_MANIFEST = "broken-manifest", en: "the manifest is not YAML that can be read", zh: "申报清单不是可读取的 YAML";
    MANIFEST_VERSION = "manifest-version", en: "the manifest's version is missing or unknown", zh: "申报清单缺少版本或版本未知";
    UNKNOWN_KEY = "unknown-key", en: "the manifest has a key that means nothing", zh: "申报清单中有无意义的键";
    MISSING_KEY = "missing-key", en: "the manifest lacks a key", zh: "申报清单缺少键";
    WRONG_FORM = "wrong-form", en: "a value of the manifest has the wrong form", zh: "申报清单的值形式不对";
    BAD_SETTING = "bad-setting", en: "a value of the manifest is not one of those that may stand there", zh: "申报清单的值不在允许范围内";
    NOT_SUPPORTED = "not-supported", en: "the manifest asks for something that this version does not do", zh: "申报清单要求的功能本版本尚不支持";
    BAD_FILTER = "bad-filter", en: "a layer's `where` cannot be read", zh: "图层的 where 条件无法读取";
    UNDECLARED_CLASS = "undeclared-class", en: "the manifest supplies a layer or record that no rule pack declares", zh: "申报清单提供了规则包未声明的图层或档案";
    UNDECLARED_FIELD = "undeclared-field", en: "the manifest maps a field that the layer does not declare", zh: "申报清单映射了图层未声明的字段";
}
