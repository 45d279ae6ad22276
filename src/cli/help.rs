//! The command line's help in both languages.
//!
//! The English texts are the doc comments in `arguments`; this file holds the Chinese ones and the examples, and a test that none is missing.

use clap::builder::StyledStr;
use clap::{ArgAction, CommandFactory};

use super::arguments::Arguments;
use crate::diagnostic::Language;

/// Chinese help: command (empty for all), argument (empty for the command itself), text.
const CHINESE: &[(&str, &str, &str)] = &[
    ("", "", "对照约束检查规划方案：配置单元、资产包、地块是否触碰控制线、清单与详细规划"),
    ("", "lang", "提示信息的语言；缺省随系统区域设置"),
    ("", "color", "何时使用颜色"),
    ("", "quiet", "只输出结果"),
    ("", "verbose", "多说一些：数据的附注、未适用的规则"),
    ("", "help", "显示帮助"),
    ("", "version", "显示版本"),
    ("check", "", "检查一份申报"),
    ("check", "folder", "申报所在文件夹，内有 guiju.yaml"),
    ("check", "as_of", "以此日为基准日，代替申报自己的（2026-01-15）"),
    ("check", "allow", "另许申报读取的文件夹"),
    ("check", "format", "输出什么；列出多种时输出第一种，全部写入结果文件夹；以 --out 指定文件夹时，文档类只写入其中"),
    ("check", "out", "结果文件的文件夹；缺省为申报中的 out"),
    ("check", "no_out", "不写结果文件"),
    ("check", "fail_on", "冲突达到哪一等级即判为不通过"),
    ("check", "fail_on_undetermined", "无法判定的检查也判为不通过"),
    ("check", "changed_since", "只看与 git 仓库中该版本不同之处；只有新增或加重的冲突判为不通过"),
    ("check", "baseline", "与之比较的先前结果 report.json：哪些是新增、加重、减轻、消除"),
    ("check", "fail_on_new", "只有相对先前结果新增或加重的冲突才判为不通过"),
    ("explain", "", "说明一条规则：要求什么、依据什么、如何整改；说明一条结果因何得出；或说明一个代码的含义"),
    ("explain", "topic", "规则编号、结果编号，或诊断、问题的代码"),
    ("explain", "rules", "在哪些规则包中查找：文件夹，或自带规则包的名称"),
    ("explain", "report", "该条结果所在的 report.json"),
    ("rules", "", "列出规则"),
    ("rules", "packs", "列出哪些规则包：文件夹，或自带规则包的名称"),
    ("rules", "department", "只列由该部门决定的规则"),
    ("rules", "source", "只列以该文件为依据的规则"),
    ("rules", "layer", "只列涉及该图层、档案或对照表的规则"),
    ("rules", "severity", "只列该等级的规则"),
    ("test", "", "运行规则旁的测试"),
    ("test", "packs", "测试哪些规则包：文件夹，或自带规则包的名称"),
    ("test", "rule", "只运行该规则的测试"),
    ("init", "", "根据文件夹中的文件写出申报清单"),
    ("init", "folder", "申报所在文件夹"),
    ("init", "rules", "按哪些规则包检查：文件夹，或自带规则包的名称"),
    ("init", "force", "已有清单时覆盖"),
    ("init", "print", "只显示清单，不写入"),
    ("inspect", "", "显示数据文件的内容：图层、坐标系、编码、字段、问题"),
    ("inspect", "files", "要查看的文件；文件中的图层写在 # 之后，不写则显示全部图层"),
    ("inspect", "encoding", "文件未写明时，文本的编码"),
    ("inspect", "rules", "对照哪些规则包的图层和代码表：文件夹，或自带规则包的名称"),
    ("inspect", "json", "输出 JSON"),
    ("convert", "", "将数据文件写成另一种格式"),
    ("convert", "inputs", "要转换的文件；文件中的图层写在 # 之后，不写则取全部图层"),
    (
        "convert",
        "output",
        "要写出的文件，以扩展名定格式：geojson、gpkg、shp、zip（Shapefile 压缩包）、txt（坐标文本）、csv",
    ),
    ("convert", "layer", "输入文件中的图层"),
    ("convert", "encoding", "输入文件未写明时，其文本的编码"),
    ("convert", "to_encoding", "写出 shp、zip、txt、csv 时所用的编码：GBK（缺省）、GB18030、UTF-8、Big5 等"),
    ("convert", "crs", "输入文件的坐标系，代替其自身所写：EPSG:4527"),
    ("convert", "to_crs", "将坐标转换到的坐标系；不写则坐标不变"),
    ("convert", "force", "覆盖已有文件"),
    ("plan", "", "显示检查将如何运行：连接、索引、由哪些规则共用"),
    ("plan", "folder", "申报所在文件夹，内有 guiju.yaml"),
    ("plan", "as_of", "以此日为基准日，代替申报自己的（2026-01-15）"),
    ("plan", "allow", "另许申报读取的文件夹"),
    ("plan", "timings", "运行检查并显示时间用在哪里：读取、索引、连接、规则"),
    ("diff", "", "比较两次结果：新增、加重、减轻、消除了什么"),
    ("diff", "old", "先前的 report.json"),
    ("diff", "new", "后来的 report.json"),
    ("diff", "format", "输出什么"),
    ("diff", "fail_on_new", "有新增或加重即判为不通过"),
];

/// Examples by command.
const EXAMPLES: &[(&str, &str)] = &[
    ("", "  guiju check my-plan\n  guiju explain PBF-01"),
    (
        "check",
        "  guiju check\n  guiju check my-plan --fail-on conditional\n  guiju check my-plan --format json --no-out > report.json\n  guiju check my-plan --baseline before.json --fail-on-new",
    ),
    (
        "explain",
        "  guiju explain PBF-01\n  guiju explain CL-101 --rules ./rules/jiujiang\n  guiju explain CL-101/parcel:P-07 --report my-plan/out/report.json\n  guiju explain unknown-name",
    ),
    (
        "rules",
        "  guiju rules\n  guiju rules --department 林业草原 --severity prohibited\n  guiju rules national ./rules/jiujiang",
    ),
    ("test", "  guiju test\n  guiju test ./rules/jiujiang --rule CL-101"),
    ("init", "  guiju init my-plan && guiju check my-plan"),
    ("inspect", "  guiju inspect data/parcels.geojson\n  guiju inspect --json control/*.geojson > inspected.json"),
    (
        "convert",
        "  guiju convert parcels.shp -o parcels.gpkg\n  guiju convert control.gpkg parcels.zip -o all.gpkg\n  guiju convert control.gpkg#YJJBNT -o farmland.txt\n  guiju convert old.csv -o new.shp --encoding Big5 --crs EPSG:4527",
    ),
    ("plan", "  guiju plan my-plan"),
    (
        "diff",
        "  guiju diff before.json out/report.json\n  guiju diff before.json out/report.json --format html > changes.html",
    ),
];

/// Returns the command line in one language.
pub(super) fn command(language: Language) -> clap::Command {
    let mut root = with_examples(Arguments::command(), "", language);
    let names: Vec<String> = root.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        root = root.mut_subcommand(&name, |sub| with_examples(sub, &name, language));
    }
    match language {
        Language::En => root,
        Language::Zh => {
            let names: Vec<String> = root.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
            root = in_chinese(root, "").subcommand_help_heading("命令");
            for name in names {
                root = root.mut_subcommand(&name, |sub| in_chinese(sub, &name));
            }
            root
        }
    }
}

fn with_examples(command: clap::Command, name: &str, language: Language) -> clap::Command {
    let heading = match language {
        Language::En => "Examples:",
        Language::Zh => "示例：",
    };
    match EXAMPLES.iter().find(|(of, _)| *of == name) {
        Some((_, examples)) => command.after_help(StyledStr::from(format!("{heading}\n{examples}"))),
        None => command,
    }
}

fn chinese(command: &str, argument: &str) -> Option<&'static str> {
    let of = |name: &str| CHINESE.iter().find(|(at, of, _)| *at == name && *of == argument).map(|(_, _, text)| *text);
    of(command).or_else(|| if argument.is_empty() { None } else { of("") })
}

fn in_chinese(command: clap::Command, name: &str) -> clap::Command {
    let command = command
        .help_template("{about}\n\n用法：{usage}\n\n{all-args}{after-help}")
        .disable_help_flag(true)
        .arg(clap::Arg::new("help").short('h').long("help").action(ArgAction::Help));
    let command = if name.is_empty() {
        command
            .disable_version_flag(true)
            .arg(clap::Arg::new("version").short('V').long("version").action(ArgAction::Version))
    } else {
        command
    };
    let about = chinese(name, "").unwrap_or_default();
    let name = name.to_owned();
    command.about(about).mut_args(move |argument| {
        let heading = if argument.is_positional() { "参数" } else { "选项" };
        let text = chinese(&name, argument.get_id().as_str()).unwrap_or_default();
        let argument = argument.help_heading(heading);
        if !argument.get_action().takes_values() {
            return argument.help(text);
        }
        let values = argument.get_possible_values();
        let values: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
        let choices = if values.is_empty() { String::new() } else { format!("［可选：{}］", values.join("、")) };
        let default: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        let default =
            if default.is_empty() { String::new() } else { format!("［缺省：{}］", default.join("、")) };
        argument.help(format!("{text}{choices}{default}")).hide_possible_values(true).hide_default_value(true)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_argument_has_chinese_help_and_an_example() {
        let root = Arguments::command();
        let own = |sub: &clap::Command| sub.get_arguments().map(|arg| arg.get_id().to_string()).collect::<Vec<_>>();
        for argument in own(&root) {
            assert!(chinese("", &argument).is_some(), "no Chinese help for `{argument}`");
        }
        for sub in root.get_subcommands() {
            let name = sub.get_name();
            assert!(chinese(name, "").is_some(), "no Chinese help for `{name}`");
            assert!(EXAMPLES.iter().any(|(of, _)| *of == name), "no example for `{name}`");
            for argument in own(sub) {
                assert!(chinese(name, &argument).is_some(), "no Chinese help for `{name} {argument}`");
            }
        }
        command(Language::Zh).debug_assert();
        command(Language::En).debug_assert();
    }
}
