#include "experiments/commands/command_set.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <CLI/CLI.hpp>

#include "common/command_line/empty_values.hpp"
#include "common/command_line/manual_page.hpp"
#include "common/error/error.hpp"
#include "common/text/number_text.hpp"
#include "experiments/commands/list_words.hpp"

namespace fedgram::experiments {

namespace {

std::string one_line(std::string text)
{
    text.erase(text.find_last_not_of(" \n") + 1);
    std::ranges::replace(text, '\n', ' ');
    return text;
}

Follows what_follows(const CLI::App& sub, const std::string& name)
{
    const auto* const option = sub.get_option_no_throw(name);
    if (option == nullptr || option->get_items_expected_max() == 0) return Follows::nothing;
    return option->get_delimiter() == ',' ? Follows::a_list : Follows::one_value;
}

std::size_t needed_words(const CLI::App& sub)
{
    const auto options = sub.get_options();
    return static_cast<std::size_t>(std::ranges::count_if(
        options, [](const auto* option) { return option->get_positional() && option->get_required(); }));
}

bool takes_paths(const OptionTarget& target)
{
    using Path = std::filesystem::path;
    return std::holds_alternative<Path*>(target) || std::holds_alternative<std::vector<Path>*>(target) ||
           std::holds_alternative<std::optional<Path>*>(target);
}

/// NaN is neither below nor above any bound, so that a check of a range lets it through.
CLI::Validator no_nan(const std::string& right)
{
    return {[right](const std::string& value) {
                double number = 0;
                const bool is_nan = CLI::detail::lexical_cast(value, number) && std::isnan(number);
                return is_nan ? value + " is not valid; use " + right : std::string{};
            },
            ""};
}

/// As CLI11 takes them: from the end.
std::vector<std::string> reversed_words(const CLI::App& app, int argc, const char* const* argv)
{
    std::vector<std::string> words(argv + std::min(1, argc), argv + argc);
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (words.empty() || words.front() != sub->get_name()) continue;
        const auto joined = with_joined_lists({words.begin() + 1, words.end()}, needed_words(*sub),
                                              [&](const std::string& name) { return what_follows(*sub, name); });
        words.resize(1);
        words.insert(words.end(), joined.begin(), joined.end());
    }
    std::ranges::reverse(words);
    return words;
}

}  // namespace

Option Option::required() const
{
    option_->required();
    return *this;
}

// CLI11 asks what is required behind the callbacks of what is given.
Option Option::required_unless(Option flag) const
{
    flag.option_->each([option = option_](const std::string&) { option->required(false); });
    return required();
}

Option Option::type_name(const std::string& name) const
{
    option_->type_name(name);
    return *this;
}

Option Option::shows_default() const
{
    option_->capture_default_str();
    return *this;
}

Option Option::needs(Option other) const
{
    option_->needs(other.option_);
    return *this;
}

Option Option::excludes(Option other) const
{
    option_->excludes(other.option_);
    return *this;
}

Option Option::between(int low, int high) const
{
    option_->check(CLI::Range(low, high));
    return *this;
}

Option Option::between(std::uint32_t low, std::uint32_t high) const
{
    option_->check(CLI::Range(low, high));
    return *this;
}

Option Option::between(double low, double high) const
{
    option_->check(no_nan("a number from " + text::shortest(low) + " to " + text::shortest(high)));
    option_->check(CLI::Range(low, high));
    return *this;
}

Option Option::positive() const
{
    option_->check(CLI::PositiveNumber);
    return *this;
}

Option Option::one_of(const std::vector<std::string>& values) const
{
    option_->check(CLI::IsMember(values));
    return suggests(values);
}

Option Option::suggests(const std::vector<std::string>& values) const
{
    return suggests([values] { return values; });
}

Option Option::suggests(std::function<std::vector<std::string>()> values) const
{
    (*known_values_)[option_] = std::move(values);
    return *this;
}

Option Option::comma_list() const
{
    option_->delimiter(',')->allow_extra_args(false);
    return *this;
}

Option Option::repeatable() const
{
    option_->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    return *this;
}

Option Option::value_optional(const std::string& value) const
{
    option_->expected(0, 1)->default_str(value);
    return *this;
}

Option Subcommand::option(const std::string& name, OptionTarget target, const std::string& what) const
{
    auto* const option = std::visit([&](auto* value) { return app_->add_option(name, *value, what); }, target);
    command_line::refuse_empty(*option, takes_paths(target) ? "give a path" : "give a value or leave it out");
    return Option{option, *known_values_};
}

Option Subcommand::flag(const std::string& name, bool* target, const std::string& what) const
{
    return Option{app_->add_flag(name, *target, what), *known_values_};
}

Option Subcommand::named(const std::string& name) const { return Option{app_->get_option(name), *known_values_}; }

CommandSet::CommandSet(const std::string& program, const std::string& what, const std::string& examples,
                       const std::string& version)
    : app_{std::make_unique<CLI::App>(what, program)}, version_{version}
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
    return Subcommand{sub, known_values_};
}

std::optional<Command> CommandSet::parse(int argc, const char* const* argv)
{
    try {
        app_->parse(reversed_words(*app_, argc, argv));
    } catch (const CLI::Success& asked) {  // for help or the version
        app_->exit(asked);
        return std::nullopt;
    } catch (const CLI::ParseError& error) {
        throw SpecError{one_line(error.what()) + "; see fedgram --help"};
    }
    return chosen_;
}

std::vector<CommandShape> CommandSet::shapes() const
{
    std::vector<CommandShape> shapes;
    for (const auto* sub : app_->get_subcommands({})) {
        CommandShape shape{sub->get_name(), sub->get_description(), {}, {}};
        for (const auto* option : sub->get_options()) {
            if (option == sub->get_help_ptr()) continue;
            const auto known = known_values_.find(option);
            auto& list = option->get_positional() ? shape.words : shape.options;
            list.push_back({option->get_name(),
                            option->get_description(),
                            option->get_items_expected_max() > 0,
                            option->get_items_expected_max() > 1,
                            {}});
            if (known != known_values_.end()) list.back().values = known->second();
        }
        shapes.push_back(std::move(shape));
    }
    return shapes;
}

std::map<std::string, std::string> CommandSet::manual_pages(const std::vector<std::string>& see_also) const
{
    const auto program = command_line::manual_page_name(*app_);
    std::map<std::string, std::string> pages{{program, command_line::manual_page(*app_, version_, see_also)}};
    for (const auto* sub : app_->get_subcommands({}))
        pages[command_line::manual_page_name(*sub)] = command_line::manual_page(*sub, version_, {program});
    return pages;
}

}  // namespace fedgram::experiments
