#include "common/command_line/manual_page.hpp"

#include <CLI/CLI.hpp>
#include <cctype>

namespace fedgram::command_line {

namespace {

constexpr auto section = "(1)";

std::string bold(const std::string& text) { return "\\fB" + as_roff(text) + "\\fR"; }

std::string heading(std::string words)
{
    for (auto& c : words) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return ".SH " + words + "\n";
}

/// As it is typed: "fedgram run".
std::string command_of(const CLI::App& app)
{
    return app.get_parent() == nullptr ? app.get_name() : app.get_parent()->get_name() + " " + app.get_name();
}

/// One entry of a list: `head` is roff, `what` a text.
std::string entry(const std::string& head, const std::string& what)
{
    return ".TP\n" + head + "\n" + as_roff(what) + "\n";
}

/// The parts of the help in its order and words, laid out for man(1).
class RoffFormatter : public CLI::Formatter {
public:
    RoffFormatter() { label("Positionals", "Arguments"); }

    std::string make_help(const CLI::App* app, std::string command, CLI::AppFormatMode mode) const override
    {
        return make_description(app) + make_usage(app, command) + make_positionals(app) + make_groups(app, mode) +
               make_subcommands(app, mode) + make_footer(app);
    }

    std::string make_description(const CLI::App* app) const override
    {
        return heading("Name") + as_roff(manual_page_name(*app)) + " \\- " + as_roff(app->get_description()) + "\n";
    }

    std::string make_usage(const CLI::App* app, std::string command) const override
    {
        const auto usage = Formatter::make_usage(app, "");  // "Usage: [OPTIONS] spec" and a line's end
        const auto words = usage.substr(usage.find(' ') + 1);
        return heading("Synopsis") + bold(command) + " " + as_roff(words);
    }

    std::string make_group(std::string group, bool is_positional,
                           std::vector<const CLI::Option*> options) const override
    {
        auto text = heading(group);
        for (const auto* option : options) text += make_option(option, is_positional);
        return text;
    }

    std::string make_option(const CLI::Option* option, bool is_positional) const override
    {
        return entry(bold(make_option_name(option, is_positional)) + as_roff(make_option_opts(option)),
                     make_option_desc(option));
    }

    std::string make_subcommands(const CLI::App* app, CLI::AppFormatMode) const override
    {
        const auto commands = app->get_subcommands({});
        auto text = commands.empty() ? "" : heading("Commands");
        for (const auto* command : commands) text += make_subcommand(command);
        return text;
    }

    std::string make_subcommand(const CLI::App* command) const override
    {
        return entry(bold(manual_page_name(*command)) + section, command->get_description());
    }

    /// Its first line is a heading, "Examples:"; the others stay as they are.
    std::string make_footer(const CLI::App* app) const override
    {
        const auto footer = app->get_footer();
        if (footer.empty()) return {};
        const auto colon = footer.find(":\n");
        return heading(footer.substr(0, colon)) + ".nf\n" + as_roff(footer.substr(colon + 2)) + "\n.fi\n";
    }
};

}  // namespace

std::string manual_page(const CLI::App& app, const std::string& version, const std::vector<std::string>& see_also)
{
    // Without a date, so that the same sources give the same page; and no word is broken, since many are to be typed.
    auto page = ".TH " + as_roff(manual_page_name(app)) + " 1 \"\" \"Fedgram " + as_roff(version) +
                "\" \"Fedgram\"\n.nh\n" + RoffFormatter{}.make_help(&app, command_of(app), CLI::AppFormatMode::Normal) +
                heading("See also");
    for (const auto& name : see_also) page += (name == see_also.front() ? "" : ",\n") + bold(name) + section;
    return page + "\n";
}

std::string manual_page_name(const CLI::App& app) { return CLI::detail::find_and_replace(command_of(app), " ", "-"); }

std::string as_roff(const std::string& text)
{
    std::string roff;
    for (const char c : text) {
        const bool starts_line = roff.empty() || roff.back() == '\n';
        switch (c) {
            case '\\':
                roff += "\\e";
                break;
            case '-':
                roff += "\\-";
                break;
            case '\'':
                roff += "\\(aq";
                break;
            case '`':
                roff += "\\(ga";
                break;
            case '~':
                roff += "\\(ti";
                break;
            case '^':
                roff += "\\(ha";
                break;
            case '.':
                roff += starts_line ? "\\&." : ".";
                break;
            default:
                roff += c;
        }
    }
    return roff;
}

}  // namespace fedgram::command_line
