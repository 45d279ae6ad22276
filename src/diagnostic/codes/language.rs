//! Codes of mistakes in rules, code lists and packs.

super::codes! {
    // syntax
    UNEXPECTED_TOKEN = "unexpected-token", en: "a word or mark stands where the grammar has no place for it", zh: "某处出现了语法不允许的词或符号";
    UNEXPECTED_CHARACTER = "unexpected-character", en: "a character is no mark of the language", zh: "出现了本语言没有的符号";
    UNCLOSED_STRING = "unclosed-string", en: "a text in quotes does not end on its line", zh: "引号没有在本行内闭合";
    UNCLOSED_BRACKET = "unclosed-bracket", en: "a bracket or brace is never closed", zh: "括号没有闭合";
    UNKNOWN_DECLARATION = "unknown-declaration", en: "a line opens no declaration that there is", zh: "某行不是任何一种声明的开头";
    UNKNOWN_CLAUSE = "unknown-clause", en: "a line opens no clause that there is", zh: "某行不是任何一种子句的开头";
    UNKNOWN_KEYWORD = "unknown-keyword", en: "a word is none of the few that may stand there", zh: "某个词不在该处可用的几个词之列";
    UNKNOWN_UNIT = "unknown-unit", en: "the word behind a number is no unit", zh: "数字后面的词不是单位";
    WORDS_RUN_TOGETHER = "words-run-together", en: "Chinese words are not set apart by spaces", zh: "中文词语之间没有空格";
    SINGLE_EQUALS = "single-equals", en: "a single `=` stands in a condition", zh: "条件里写了单个等号";
    CHAINED_COMPARISON = "chained-comparison", en: "comparisons follow each other without `and`", zh: "几个比较连写而没有“且”";
    NESTED_TOO_DEEPLY = "nested-too-deeply", en: "an expression is nested more deeply than can be read", zh: "表达式嵌套过深";
    FILE_TOO_LONG = "file-too-long", en: "a file is longer than 16 MiB", zh: "文件超过 16 MiB";
    MISSING_MODULE = "missing-module", en: "a file does not begin with `module`", zh: "文件没有以“模块”开头";
    MISPLACED_MODULE = "misplaced-module", en: "`module` is not first, or stands twice", zh: "“模块”不在开头，或出现了两次";
    MISPLACED_CLAUSE = "misplaced-clause", en: "a clause stands where it does not belong", zh: "子句写错了位置";
    REPEATED_CLAUSE = "repeated-clause", en: "a clause that may stand once stands twice", zh: "只能写一次的子句写了两次";
    UNKNOWN_ESCAPE = "unknown-escape", en: "a backslash in a text is followed by no known escape", zh: "文本里的反斜杠之后不是已知的转义";
    STRAY_BRACE = "stray-brace", en: "a brace in a message has no partner", zh: "说明文字里的花括号没有配对";
    // sema
    UNKNOWN_NAME = "unknown-name", en: "a name stands for nothing here", zh: "某个名称在这里没有所指";
    AMBIGUOUS_NAME = "ambiguous-name", en: "a name may stand for several things", zh: "某个名称可能有几种所指";
    DUPLICATE_NAME = "duplicate-name", en: "a name is declared twice", zh: "名称重复声明";
    UNKNOWN_MODULE = "unknown-module", en: "`use` names no module", zh: "“引用”的模块不存在";
    UNKNOWN_SOURCE = "unknown-source", en: "`basis` names no source", zh: "“依据”引用的来源不存在";
    UNKNOWN_FUNCTION = "unknown-function", en: "there is no such function", zh: "没有这个函数";
    UNKNOWN_TYPE = "unknown-type", en: "there is no such type", zh: "没有这个类型";
    UNDEFINED_FIELD = "undefined-field", en: "there is no such field", zh: "没有这个字段";
    UNDEFINED_CODE = "undefined-code", en: "a code is not in its list", zh: "代码不在代码表中";
    UNDEFINED_VALUE = "undefined-value", en: "an enumeration has no such value", zh: "枚举没有这个值";
    UNKNOWN_RULE = "unknown-rule", en: "a test names no rule", zh: "测试引用的规则不存在";
    UNKNOWN_LABEL = "unknown-label", en: "a rule has no constraint of this label", zh: "规则没有这个标签的约束";
    MISSING_FILE = "missing-file", en: "a pack has no such file", zh: "规则包中没有这个文件";
    MISSING_COLUMN = "missing-column", en: "a table's file lacks a column", zh: "表文件缺少一列";
    BAD_CELL = "bad-cell", en: "a cell of a code list or table cannot be used", zh: "代码表或对照表的单元不可用";
    EMPTY_SET = "empty-set", en: "a set, list or code list is empty", zh: "集合、列表或代码表为空";
    TYPE_MISMATCH = "type-mismatch", en: "a value is of another type than its place", zh: "值的类型与所处位置不符";
    DIMENSION_MISMATCH = "dimension-mismatch", en: "two quantities are of different dimensions", zh: "两个量的量纲不同";
    NOT_A_CONDITION = "not-a-condition", en: "something else stands where a condition is wanted", zh: "应为条件之处写了别的内容";
    NOT_CONSTANT = "not-constant", en: "a value is not known before the run", zh: "此处的值须事先确定";
    NOT_MANY = "not-many", en: "a variable cannot run over this", zh: "不能逐个取值";
    CODE_WITHOUT_LIST = "code-without-list", en: "a code stands where no code is expected", zh: "不要代码的位置写了代码";
    BAD_LITERAL = "bad-literal", en: "a number, day or level cannot be read", zh: "数、日期或级别无法读取";
    REVERSED_RANGE = "reversed-range", en: "a range or period ends before it begins", zh: "区间或期间的终点早于起点";
    CONSTANT_CONDITION = "constant-condition", en: "a condition always or never holds", zh: "条件总是或永不成立";
    COMPARED_WITH_ITSELF = "compared-with-itself", en: "a layer or value is compared with itself", zh: "图层或值与自身比较";
    NO_GEOMETRY = "no-geometry", en: "something without geometry stands where ground is wanted", zh: "应为图形之处写了没有图形的内容";
    WRONG_GEOMETRY = "wrong-geometry", en: "a measure does not suit the kind of shape", zh: "量算与图形种类不符";
    WRONG_ARGUMENTS = "wrong-arguments", en: "a function is given too few or too many arguments", zh: "函数的参数个数不对";
    OVERSIZED_DEFINE = "oversized-define", en: "a function is too large when all that it calls is written out", zh: "函数连同其调用展开后过大";
    RECURSIVE_DEFINE = "recursive-define", en: "a function calls itself", zh: "函数调用自身";
    RECURSIVE_FIELD = "recursive-field", en: "a computed field rests on itself", zh: "计算字段由自身算出";
    NO_CONSTRAINT = "no-constraint", en: "a rule demands nothing", zh: "规则没有任何要求";
    MISSING_MESSAGE = "missing-message", en: "a constraint has no message", zh: "约束没有说明";
    MISSING_SEVERITY = "missing-severity", en: "a constraint has no severity", zh: "约束没有等级";
    MISSING_BASIS = "missing-basis", en: "a rule names no legal basis", zh: "规则没有写明依据";
    UNLABELLED_CONSTRAINT = "unlabelled-constraint", en: "one of several constraints has no label", zh: "多个约束中有一个没有标签";
    REPEATED_CONSTRAINT = "repeated-constraint", en: "a constraint says nothing of the last binding", zh: "约束没有用到最后一个绑定";
    UNUSED_LET = "unused-let", en: "a `let` is never used", zh: "“令”从未使用";
    DUPLICATE_RULE = "duplicate-rule", en: "two rules have one id at the same time", zh: "同一时期有两条同号规则";
    REPEALED_SOURCE = "repealed-source", en: "a rule rests on a source that is not in force", zh: "规则的来源不在有效期内";
    TIGHTENING_UNSUPPORTED = "tightening-unsupported", en: "`tighten` is not supported by this version", zh: "本版本尚不支持“收紧”";
    MOVED_CONTROL_LINE = "moved-control-line", en: "a remedy changes a line that another takes as given", zh: "整改改动了另一条整改视为依据的控制线";
    UNPRINTABLE = "unprintable", en: "a message cannot print this", zh: "说明中不能写这项内容";
}
