#include "common/report/page/page.hpp"

#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/report/page/page_assets.hpp"

namespace fedgram::report {

namespace {

std::string replaced(std::string text, char what, std::string_view by)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, 1, by);
    return text;
}

// In HTML.
std::string escaped(std::string text)
{
    text = replaced(std::move(text), '&', "&amp;");
    text = replaced(std::move(text), '<', "&lt;");
    return replaced(std::move(text), '>', "&gt;");
}

/// What differs from page to page.
struct Parts {
    std::string title;
    const nlohmann::ordered_json& data;
    std::string_view script;
    const char* sources;  ///< where it may ask for more, as a Content-Security-Policy says it
};

std::string assembled(const Parts& page)
{
    using Json = nlohmann::ordered_json;
    // A '<' in the data could end its script.
    const auto embedded = replaced(page.data.dump(-1, ' ', false, Json::error_handler_t::replace), '<', "\\u003c");
    const std::pair<std::string_view, std::string> parts[] = {{"@CONNECT@", page.sources},
                                                              {"@TITLE@", escaped(page.title)},
                                                              {"@STYLE@", std::string{page_assets::style}},
                                                              {"@DATA@", embedded},
                                                              {"@CHARTS@", std::string{page_assets::charts}},
                                                              {"@SCRIPT@", std::string{page.script}}};
    // The skeleton is cut at its marks, in the order in which they stand: one in what is put in isn't one.
    std::string out;
    std::string_view rest = page_assets::skeleton;
    for (const auto& [mark, text] : parts) {
        const auto at = rest.find(mark);
        out += rest.substr(0, at);
        out += text;
        rest.remove_prefix(at + mark.size());
    }
    return out += rest;
}

// Opened from a disk, it asks nobody.
std::string of_disk(const nlohmann::ordered_json& data, std::string_view script)
{
    return assembled({data.at("title").get<std::string>(), data, script, "'none'"});
}

}  // namespace

std::string page(const nlohmann::ordered_json& data) { return of_disk(data, page_assets::script); }

std::string several_page(const nlohmann::ordered_json& data) { return of_disk(data, page_assets::several_script); }

std::string sweep_page(const nlohmann::ordered_json& data) { return of_disk(data, page_assets::sweep_script); }

std::string live_page(const std::string& run, const std::string& version)
{
    const nlohmann::ordered_json data{
        {"format", 1}, {"fedgram", version}, {"trainings", nlohmann::ordered_json::array()}};
    return assembled({run + ": live", data, page_assets::live_script, "'self'"});
}

}  // namespace fedgram::report
