#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

std::string position(std::string_view text, std::size_t byte)
{
    const auto before = text.substr(0, std::min(byte, text.size()));
    const auto line = 1 + std::ranges::count(before, '\n');
    const auto line_start = before.rfind('\n');
    const auto column = before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1);
    return std::to_string(line) + ":" + std::to_string(std::max<std::size_t>(column, 1));
}

/// nlohmann's text without its own "[json.exception.parse_error.101] parse error at line 1, column 2: ", or without
/// "[json.exception.out_of_range.406] ".
std::string reason(std::string_view what)
{
    for (const std::string_view end : {": ", "] "})
        if (const auto found = what.find(end); found != std::string_view::npos)
            return std::string{what.substr(found + end.size())};
    return std::string{what};
}

/// Refuses what the parser would let pass: a key twice in one object (the second would win unseen), and nesting so
/// deep that handling it could exhaust the stack.
class Watch {
public:
    explicit Watch(std::string_view where) : where_{where} {}

    bool operator()(int depth, ordered_json::parse_event_t event, const ordered_json& parsed)
    {
        constexpr int deepest = 64;
        if (depth > deepest) throw SpecError{where_ + ": more than " + std::to_string(deepest) + " levels of nesting"};
        using Event = ordered_json::parse_event_t;
        if (event == Event::object_start)
            keys_.emplace_back();
        else if (event == Event::object_end)
            keys_.pop_back();
        else if (event == Event::key && !keys_.back().insert(parsed.get<std::string>()).second)
            throw SpecError{where_ + ": the key " + parsed.dump() + " stands twice in one object"};
        return true;
    }

private:
    std::string where_;
    std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

}  // namespace

ordered_json parse_json_text(std::string_view text, std::string_view where)
{
    try {
        return ordered_json::parse(text, Watch{where}, true, true);
    } catch (const nlohmann::json::parse_error& error) {
        throw SpecError{std::string{where} + ":" + position(text, error.byte) + ": " + reason(error.what())};
    } catch (const nlohmann::json::out_of_range& error) {
        throw SpecError{std::string{where} + ": " + reason(error.what()) + "; write a number below 1.8e308"};
    } catch (const nlohmann::json::exception& error) {
        throw SpecError{std::string{where} + ": " + error.what()};
    }
}

}  // namespace fedgram::spec
