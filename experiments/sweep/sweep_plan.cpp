#include "experiments/sweep/sweep_plan.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/cut_short.hpp"
#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

constexpr std::size_t longest_name = 240;  // file systems take 255 bytes, of which a log takes some for its ending

std::string last_part(const std::string& key) { return key.substr(key.rfind('.') + 1); }

std::string safe_for_a_file(std::string text)
{
    for (auto& c : text)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-' && c != '_') c = '-';
    return text;
}

/// A value's part of a folder's name. A number goes without its plus: 1e+30 must not look like 1e-30.
std::string name_of(const std::string& json_text)
{
    auto text = plain(json_text);
    if (ordered_json::parse(json_text).is_number()) std::erase(text, '+');
    return safe_for_a_file(std::move(text));
}

/// Two values that differ only in what a folder's name can't hold would share one.
void refuse_twins(const std::string& key, const std::vector<std::string>& values)
{
    std::map<std::string, std::string> seen;
    for (const auto& value : values) {
        const auto [other, is_new] = seen.emplace(name_of(value), value);
        if (is_new) continue;
        const auto shown = [](const std::string& text) { return spec::shown(ordered_json::parse(text)); };
        throw SpecError{"set." + key + ": " +
                        (other->second == value
                             ? shown(value) + " stands twice; give each value once"
                             : shown(other->second) + " and " + shown(value) + " are both " + other->first +
                                   " in the name of a run's folder; use one of them, or a sweep for each")};
    }
}

}  // namespace

std::string short_key(const SweepPlan& plan, const std::string& key)
{
    const auto same = [&](const auto& entry) { return last_part(entry.first) == last_part(key); };
    return std::ranges::count_if(plan.grid, same) == 1 ? last_part(key) : key;
}

std::string plain(const std::string& json_text)
{
    const auto value = ordered_json::parse(json_text);
    return value.is_string() ? value.get<std::string>() : json_text;
}

SweepPlan parse_sweep(const ordered_json& json)
{
    spec::StrictObject section{json, "", spec::Wording::specification};
    SweepPlan plan;
    static_cast<void>(section.value("spec"));
    section.read("spec", plan.spec);
    const auto& grid = section.value("set");
    if (!grid.is_object() || grid.empty())
        section.refuse("set", "an object of lists, such as {\"federated.local_epochs\": [1, 5]}");
    for (const auto& [key, values] : grid.items()) {
        if (!values.is_array() || values.empty())
            throw SpecError{"set." + key + ": " + spec::shown(values) + " is not valid; use a list of values"};
        auto& [name, texts] = plan.grid.emplace_back(key, std::vector<std::string>{});
        for (const auto& value : values) texts.push_back(value.dump());
        refuse_twins(name, texts);
    }
    if (section.has("seeds")) {
        const auto& seeds = section.value("seeds");
        plan.seeds.clear();
        if (!seeds.is_array() || seeds.empty() ||
            !std::ranges::all_of(seeds, [](const auto& seed) { return seed.is_number_unsigned(); }))
            section.refuse("seeds", "a list of whole numbers from 0");
        for (const auto& seed : seeds) plan.seeds.push_back(seed.get<std::uint64_t>());
    }
    section.finish();
    return plan;
}

std::vector<SweepRun> expand(const SweepPlan& plan)
{
    std::vector<SweepRun> runs{{}};
    for (const auto& [key, values] : plan.grid) {
        std::vector<SweepRun> longer;
        for (const auto& run : runs)
            for (const auto& value : values) {
                auto& next = longer.emplace_back(run);
                next.name += safe_for_a_file(short_key(plan, key)) + "-" + name_of(value) + "_";
                next.values.push_back(plain(value));
                next.sets.push_back(key + "=" + value);
            }
        runs = std::move(longer);
    }
    std::vector<SweepRun> seeded;
    std::set<std::string> names;
    for (const auto& run : runs)
        for (const auto seed : plan.seeds) {
            auto& next = seeded.emplace_back(run);
            next.seed = seed;
            next.name += "seed-" + std::to_string(seed);
            next.sets.push_back("seed=" + std::to_string(seed));
            if (!names.insert(next.name).second)
                throw SpecError{"two runs would be named " + next.name + "; give each seed of the sweep once"};
            if (next.name.size() > longest_name)
                throw SpecError{"a run would be named " + cut_short(next.name, 60) + ", " +
                                std::to_string(next.name.size()) + " characters long; " + std::to_string(longest_name) +
                                " are the most: use shorter values, as the name of a file that holds them"};
        }
    return seeded;
}

}  // namespace fedgram::experiments
