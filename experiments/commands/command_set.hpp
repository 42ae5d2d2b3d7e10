#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "experiments/commands/command_shape.hpp"

// CLI11 takes longer to compile than all commands together, so that command_set.cpp alone includes it.
namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace fedgram::experiments {

/// A command with its options, ready to be called; gives an exit code.
using Command = std::function<int()>;

/// What the values of options may be, as far as that is known.
using KnownValues = std::map<const CLI::Option*, std::function<std::vector<std::string>()>>;

/// One option of a subcommand. Valid as long as its CommandSet.
class Option {
public:
    Option(CLI::Option* option, KnownValues& known_values) : option_{option}, known_values_{&known_values} {}

    Option required() const;
    Option required_unless(Option flag) const;        ///< that does something else instead
    Option type_name(const std::string& name) const;  ///< what the help shows for its value
    Option shows_default() const;                     ///< the help shows the value that the target has now
    Option needs(Option other) const;
    Option excludes(Option other) const;

    Option between(int low, int high) const;
    Option between(std::uint32_t low, std::uint32_t high) const;
    Option between(double low, double high) const;
    Option positive() const;
    Option one_of(const std::vector<std::string>& values) const;
    Option suggests(const std::vector<std::string>& values) const;  ///< what a shell offers; others may be right too
    Option suggests(std::function<std::vector<std::string>()> values) const;  ///< the same, worked out on demand

    /// Several values in one word with commas, or in several words: see with_joined_lists.
    Option comma_list() const;
    Option repeatable() const;                              ///< may be given again, each time with one value
    Option value_optional(const std::string& value) const;  ///< `value` where it is given without one

private:
    CLI::Option* option_;
    KnownValues* known_values_;
};

/// Where an option's value goes when the line is parsed.
using OptionTarget = std::variant<std::string*, int*, std::uint32_t*, double*, std::filesystem::path*,
                                  std::vector<std::string>*, std::vector<double>*, std::vector<std::filesystem::path>*,
                                  std::optional<std::string>*, std::optional<int>*, std::optional<std::uint32_t>*,
                                  std::optional<double>*, std::optional<std::filesystem::path>*>;

/// One subcommand, for declaring its options. Valid as long as its CommandSet.
class Subcommand {
public:
    Subcommand(CLI::App* app, KnownValues& known_values) : app_{app}, known_values_{&known_values} {}

    /// A name with dashes, or without for a word in its place.
    Option option(const std::string& name, OptionTarget target, const std::string& what) const;
    Option flag(const std::string& name, bool* target, const std::string& what) const;
    [[nodiscard]] Option named(const std::string& name) const;  ///< one that is declared already

private:
    CLI::App* app_;
    KnownValues* known_values_;
};

/// The subcommands of one program.
class CommandSet {
public:
    CommandSet(const std::string& program, const std::string& what, const std::string& examples,
               const std::string& version);
    ~CommandSet();

    /// `options` lives as long as the command that reads it.
    template <class Options>
    Subcommand add(const std::string& name, const std::string& what, const std::string& examples,
                   int (*carry_out)(const Options&), const std::shared_ptr<Options>& options)
    {
        return add(name, what, examples, [carry_out, options] { return carry_out(*options); });
    }

    /// Nothing when the line asks for help or the version, which are printed. Throws SpecError, on one line, for what
    /// it doesn't know.
    [[nodiscard]] std::optional<Command> parse(int argc, const char* const* argv);

    /// All subcommands that have been added, with their options.
    [[nodiscard]] std::vector<CommandShape> shapes() const;

    /// The text of each page for man(1) by its name: the program's, which sees also the pages `see_also`, and one for
    /// each subcommand.
    [[nodiscard]] std::map<std::string, std::string> manual_pages(const std::vector<std::string>& see_also) const;

private:
    Subcommand add(const std::string& name, const std::string& what, const std::string& examples, Command command);

    std::unique_ptr<CLI::App> app_;
    std::string version_;
    KnownValues known_values_;
    Command chosen_;
};

}  // namespace fedgram::experiments
