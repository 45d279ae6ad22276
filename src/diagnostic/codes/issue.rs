//! Codes of faults of data.

super::codes! {
    UNREADABLE_FILE = "unreadable-file", en: "a file of the submission cannot be read", zh: "申报文件无法读取";
    BROKEN_JSON = "broken-json", en: "a file is not complete JSON", zh: "文件不是完整的 JSON";
    BROKEN_YAML = "broken-yaml", en: "a file is not YAML that can be read", zh: "文件不是可读取的 YAML";
    BROKEN_CSV = "broken-csv", en: "a row of a CSV file does not fit its header", zh: "CSV 行与表头不符";
    ENCODING_GUESSED = "encoding-guessed", en: "the encoding of a file was found by trying", zh: "文件编码由试读得出";
    NOT_A_FEATURE = "not-a-feature", en: "something stands where a feature should", zh: "要素位置上不是要素";
    DUPLICATE_KEY = "duplicate-key", en: "a property stands twice in one feature", zh: "同一要素中属性重复";
    MISSING_GEOMETRY = "missing-geometry", en: "a feature has no coordinates", zh: "要素没有坐标";
    WRONG_GEOMETRY_KIND = "wrong-geometry-kind", en: "a feature's geometry is of another kind than its layer's", zh: "要素几何类型与图层不符";
    GEOMETRY_COLLECTION = "geometry-collection", en: "a feature's geometry is a collection", zh: "要素几何是几何集合";
    BAD_COORDINATES = "bad-coordinates", en: "coordinates cannot be read", zh: "坐标无法读取";
    CRS_NOT_STATED = "crs-not-stated", en: "a file does not state its coordinate system", zh: "文件没有写明坐标系";
    UNKNOWN_CRS = "unknown-crs", en: "a coordinate system is not known or not allowed", zh: "坐标系未知或不可用";
    LEGACY_CRS = "legacy-crs", en: "a GeoJSON file states its coordinate system in the old way", zh: "GeoJSON 以旧式 crs 成员写明坐标系";
    CRS_ASSUMPTION = "crs-assumption", en: "two datums were taken as one", zh: "两个大地基准按同一基准处理";
    SWAPPED_AXES = "swapped-axes", en: "northing and easting are swapped", zh: "纵横坐标互换";
    WRONG_ZONE = "wrong-zone", en: "coordinates are of another zone", zh: "坐标带号不符";
    CRS_MISMATCH = "crs-mismatch", en: "coordinates do not look like the coordinate system stated", zh: "坐标与所写坐标系不符";
    OUTSIDE_EXTENT = "outside-extent", en: "coordinates lie where the coordinate system does not reach", zh: "坐标超出坐标系适用范围";
    BAD_RING = "bad-ring", en: "a ring or line has too few points or encloses nothing", zh: "环或线的点数不足或不围成面积";
    UNCLOSED_RING = "unclosed-ring", en: "a ring does not end where it starts", zh: "环未闭合";
    REPEATED_POINT = "repeated-point", en: "a point follows itself", zh: "重复点";
    RING_DIRECTION = "ring-direction", en: "a ring runs in the wrong direction", zh: "环方向不对";
    SPIKE = "spike", en: "a ring runs out and back along one line", zh: "尖刺";
    RING_SELF_TOUCH = "ring-self-touch", en: "a ring touches itself", zh: "环自接触";
    RING_SELF_INTERSECTION = "ring-self-intersection", en: "a ring crosses itself", zh: "环自相交";
    MISPLACED_HOLE = "misplaced-hole", en: "a hole lies outside its shell or meets another hole", zh: "洞在外环之外或与其他洞相遇";
    OVERLAPPING_PARTS = "overlapping-parts", en: "parts of one feature overlap", zh: "同一要素的部分相互重叠";
    MISSING_FIELD = "missing-field", en: "a file lacks a required field", zh: "文件缺少必填字段";
    MISSING_FIELD_VALUE = "missing-field-value", en: "a required value is missing", zh: "缺少必填值";
    UNREADABLE_VALUE = "unreadable-value", en: "a value cannot be read as its field's type", zh: "值无法按字段类型读取";
    UNKNOWN_CODE = "unknown-code", en: "a code is not in its list", zh: "代码不在代码表中";
    UNKNOWN_VALUE = "unknown-value", en: "a value is not one of the enumeration", zh: "值不在枚举中";
    RATIO_OVER_ONE = "ratio-over-one", en: "a ratio is above one", zh: "比例大于 1";
    LIMIT_GUESSED = "limit-guessed", en: "a limit of a plan was read out of words or marks", zh: "规划限值由文字或标记推断";
    REGION_SHORTENED = "region-shortened", en: "a code below the county was taken as its county's", zh: "县级以下代码按所在县读取";
    UNKNOWN_FIELD = "unknown-field", en: "a record has a key that is not declared", zh: "档案中有未声明的键";
    NOT_A_RECORD = "not-a-record", en: "something stands where a record should", zh: "档案位置上不是档案";
    DUPLICATE_ID = "duplicate-id", en: "two things have the same id", zh: "标识码重复";
    DANGLING_REFERENCE = "dangling-reference", en: "a reference leads to nothing", zh: "引用的对象不存在";
    AMBIGUOUS_REFERENCE = "ambiguous-reference", en: "a reference leads to several things", zh: "引用的对象不唯一";
    FILTER_FIELD = "filter-field", en: "a `where` names a property that no feature has", zh: "where 条件所用属性不存在";
    FILTER_UNKNOWN = "filter-unknown", en: "features were left out because a property of the `where` is missing", zh: "因缺少 where 条件所用属性而略去要素";
    MORE_ISSUES = "more-issues", en: "more issues of one kind than are told one by one", zh: "同类问题过多，不再逐条列出";
}
