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
}
