#include "experiments/commands/completion.hpp"

#include <iostream>
#include <map>
#include <memory>
#include <string_view>

#include "common/text/joined.hpp"
#include "experiments/commands/command_set.hpp"

namespace fedgram::experiments {

namespace {

/// In single quotes, as bash and zsh read them.
std::string in_quotes(const std::string& text)
{
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return result + "'";
}

std::string escaped(const std::string& text, const std::string& signs)
{
    std::string result;
    for (const char c : text) {
        if (signs.find(c) != std::string::npos) result += '\\';
        result += c;
    }
    return result;
}

/// In fish a backslash has its meaning within single quotes too.
std::string in_fish_quotes(const std::string& text) { return "'" + escaped(text, "\\'") + "'"; }

std::vector<std::string> names_of(const std::vector<CommandShape>& commands)
{
    std::vector<std::string> names;
    for (const auto& command : commands) names.push_back(command.name);
    return names;
}

/// What may stand in the places of a command's words.
std::string word_values(const CommandShape& command, std::string_view separator = " ")
{
    std::vector<std::string> values;
    for (const auto& word : command.words) values.insert(values.end(), word.values.begin(), word.values.end());
    return text::joined_once(values, separator);
}

/// Values behind one another, as zsh and fish read a list of words: "FRA South\ Korea".
std::string words_of(const std::vector<std::string>& values)
{
    std::vector<std::string> words;
    for (const auto& value : values) words.push_back(escaped(value, "\\ '\"()[]:&"));
    return text::joined(words, " ");
}

/// zsh: "--format[what it is]:value:(text md)".
std::string zsh_option(const OptionShape& option)
{
    auto spec = (option.repeatable ? "*" : "") + option.name + "[" + escaped(option.what, "[]:\\") + "]";
    if (option.takes_value)
        spec += ":value:" + (option.values.empty() ? "_files" : "(" + words_of(option.values) + ")");
    return in_quotes(spec);
}

struct CompletionOptions {
    std::string shell;
    const CommandSet* commands;
};

int completion(const CompletionOptions& options)
{
    const auto make = options.shell == "bash"  ? bash_completion
                      : options.shell == "zsh" ? zsh_completion
                                               : fish_completion;
    std::cout << make("fedgram", options.commands->shapes());
    return 0;
}

}  // namespace

std::string bash_completion(const std::string& program, const std::vector<CommandShape>& commands)
{
    std::map<std::string, std::string> places;  // of options, as a pattern, by the values that they share
    std::string words;
    for (const auto& command : commands) {
        std::string options = "--help";
        for (const auto& option : command.options) {
            options += "\n" + option.name;
            if (!option.takes_value && option.values.empty()) continue;
            auto& pattern = places[text::joined(option.values, "\n")];
            pattern += (pattern.empty() ? "" : "|") + in_quotes(command.name + " " + option.name);
        }
        words += "            " + command.name + ") options=" + in_quotes(options) +
                 " words=" + in_quotes(word_values(command, "\n")) + " ;;\n";
    }
    std::string values;
    for (const auto& [known, pattern] : places)
        values += "        " + pattern +
                  (known.empty() ? ") return ;;\n"  // readline's own completion of files
                                 : ") words=" + in_quotes(known) + " ;;\n");
    return "# Completion of " + program + " for bash: eval \"$(" + program + " completion bash)\"\n_" + program +
           "() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    local options='' words='' word list\n"
           "    COMPREPLY=()\n"
           "    if (( COMP_CWORD == 1 )); then\n"
           "        words=" +
           in_quotes(text::joined(names_of(commands), "\n") + "\n--help\n--version") +
           "\n"
           "    else\n"
           "    case \"${COMP_WORDS[1]} $before\" in\n" +
           values +
           "        *)\n"
           "            case \"${COMP_WORDS[1]}\" in\n" +
           words +
           "            esac\n"
           "            [[ $current == -* ]] && words=$options ;;\n"
           "    esac\n"
           "    fi\n"
           "    # Readline takes names as it takes those of files, and quotes their blanks.\n"
           "    [[ $words == *' '* ]] && compopt -o filenames 2>/dev/null\n"
           "    current=${current//\\\\/} current=${current#[\\'\\\"]}\n"
           "    list=${current%\"${current##*,}\"}  # what stands before in a list with commas\n"
           "    while IFS= read -r word; do\n"
           "        [[ -n $word && $list$word == \"$current\"* ]] && COMPREPLY+=(\"$list$word\")\n"
           "    done <<< \"$words\"\n"
           "}\n"
           "complete -o default -F _" +
           program + " " + program + "\n";
}

std::string zsh_completion(const std::string& program, const std::vector<CommandShape>& commands)
{
    std::string descriptions;
    std::string cases;
    for (const auto& command : commands) {
        descriptions += "        " + in_quotes(command.name + ":" + escaped(command.what, ":\\")) + "\n";
        cases += "        " + command.name + ") _arguments '--help[Print the help]'";
        for (const auto& option : command.options) cases += " " + zsh_option(option);
        if (const auto values = word_values(command); values.empty())
            cases += " '*:file:_files'";
        else
            cases += " " + in_quotes("*: :_alternative \"names:name:(" + values + ")\" \"files:file:_files\"");
        cases += " ;;\n";
    }
    return "#compdef " + program + "\n# Completion of " + program + " for zsh: " + program +
           " completion zsh > a folder of fpath/_" + program + "\n_" + program +
           "() {\n"
           "    local -a commands\n"
           "    commands=(\n" +
           descriptions +
           "    )\n"
           "    if (( CURRENT == 2 )); then\n"
           "        _describe command commands\n"
           "        return\n"
           "    fi\n"
           "    shift words\n"
           "    (( CURRENT-- ))\n"
           "    case $words[1] in\n" +
           cases +
           "    esac\n"
           "}\n"
           "if [[ $funcstack[1] == _" +
           program + " ]]; then _" + program + " \"$@\"; else compdef _" + program + " " + program + "; fi\n";
}

std::string fish_completion(const std::string& program, const std::vector<CommandShape>& commands)
{
    std::string script = "# Completion of " + program + " for fish: " + program + " completion fish | source\n";
    const auto complete = "complete -c " + program + " ";
    for (const auto& command : commands) {
        script +=
            complete + "-f -n __fish_use_subcommand -a " + command.name + " -d " + in_fish_quotes(command.what) + "\n";
        const auto here = complete + "-n '__fish_seen_subcommand_from " + command.name + "' ";
        if (const auto values = word_values(command); !values.empty())
            script += here + "-a " + in_fish_quotes(values) + "\n";
        for (const auto& option : command.options) {
            script += here + "-l " + option.name.substr(2);
            if (!option.values.empty())
                script += " -x -a " + in_fish_quotes(words_of(option.values));
            else if (option.takes_value)
                script += " -r";
            script += " -d " + in_fish_quotes(option.what) + "\n";
        }
    }
    return script;
}

void add_completion(CommandSet& commands)
{
    const auto options = std::make_shared<CompletionOptions>(CompletionOptions{"", &commands});
    const auto sub = commands.add("completion", "Print a script by which a shell completes commands and options",
                                  "  eval \"$(fedgram completion bash)\"               # in ~/.bashrc\n"
                                  "  fedgram completion zsh > ~/.zfunc/_fedgram      # in a folder of fpath\n"
                                  "  fedgram completion fish > ~/.config/fish/completions/fedgram.fish",
                                  completion, options);
    sub.option("shell", &options->shell, "The shell").required().one_of({"bash", "zsh", "fish"}).type_name("SHELL");
}

}  // namespace fedgram::experiments
