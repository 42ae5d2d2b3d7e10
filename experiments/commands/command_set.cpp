#include "experiments/commands/command_set.hpp"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

#include "common/error/error.hpp"

namespace fedgram::experiments {

namespace {

std::string one_line(std::string text)
{
    text.erase(text.find_last_not_of(" \n") + 1);
    std::ranges::replace(text, '\n', ' ');
    return text;
}

}  // namespace

Option Option::required() const { return Option{option_->required()}; }

Option Option::type_name(const std::string& name) const { return Option{option_->type_name(name)}; }

Option Option::shows_default() const { return Option{option_->capture_default_str()}; }

Option Option::needs(Option other) const { return Option{option_->needs(other.option_)}; }

Option Option::excludes(Option other) const { return Option{option_->excludes(other.option_)}; }

Option Option::between(int low, int high) const { return Option{option_->check(CLI::Range(low, high))}; }

Option Option::between(std::uint32_t low, std::uint32_t high) const
{
    return Option{option_->check(CLI::Range(low, high))};
}

Option Option::between(double low, double high) const { return Option{option_->check(CLI::Range(low, high))}; }

Option Option::positive() const { return Option{option_->check(CLI::PositiveNumber)}; }

Option Option::one_of(const std::vector<std::string>& values) const
{
    return Option{option_->check(CLI::IsMember(values))};
}

Option Option::commas() const { return Option{option_->delimiter(',')}; }

Option Option::comma_list() const { return Option{option_->delimiter(',')->allow_extra_args(false)}; }

Option Option::repeatable() const
{
    return Option{option_->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)};
}

Option Option::value_optional(const std::string& value) const
{
    return Option{option_->expected(0, 1)->default_str(value)};
}

Option Subcommand::option(const std::string& name, OptionTarget target, const std::string& what) const
{
    return Option{std::visit([&](auto* value) { return app_->add_option(name, *value, what); }, target)};
}

Option Subcommand::flag(const std::string& name, bool* target, const std::string& what) const
{
    return Option{app_->add_flag(name, *target, what)};
}

Option Subcommand::named(const std::string& name) const { return Option{app_->get_option(name)}; }

CommandSet::CommandSet(const std::string& program, const std::string& what, const std::string& examples,
                       const std::string& version)
    : app_{std::make_unique<CLI::App>(what, program)}
{
    app_->footer(examples);
    app_->set_version_flag("--version", version);
    app_->require_subcommand(1);
}

CommandSet::~CommandSet() = default;

Subcommand CommandSet::add(const std::string& name, const std::string& what, const std::string& examples,
                           Command command)
{
    auto* sub = app_->add_subcommand(name, what);
    sub->footer("Examples:\n" + examples);
    sub->callback([this, command = std::move(command)] { chosen_ = command; });
    return Subcommand{sub};
}

std::optional<Command> CommandSet::parse(int argc, const char* const* argv)
{
    try {
        app_->parse(argc, argv);
    } catch (const CLI::Success& asked) {  // for help or the version
        app_->exit(asked);
        return std::nullopt;
    } catch (const CLI::ParseError& error) {
        throw SpecError{one_line(error.what()) + "; see fedgram --help"};
    }
    return chosen_;
}

}  // namespace fedgram::experiments
