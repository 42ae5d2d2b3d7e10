#include "experiments/sweep/sweep_plan.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

std::string last_part(const std::string& key) { return key.substr(key.rfind('.') + 1); }

/// The key's last part, or all of it where another key of the grid ends alike.
std::string short_key(const SweepPlan& plan, const std::string& key)
{
    const auto same = [&](const auto& entry) { return last_part(entry.first) == last_part(key); };
    return std::ranges::count_if(plan.grid, same) == 1 ? last_part(key) : key;
}

/// A value as people write it: a text without its quotes.
std::string plain(const std::string& json_text)
{
    const auto value = ordered_json::parse(json_text);
    return value.is_string() ? value.get<std::string>() : json_text;
}

std::string safe_for_a_file(std::string text)
{
    for (auto& c : text)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-' && c != '_') c = '-';
    return text;
}

}  // namespace

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
                next.name += safe_for_a_file(short_key(plan, key) + "-" + plain(value)) + "_";
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
                throw SpecError{"two runs would be named " + next.name +
                                "; give each value and each seed of the sweep once"};
        }
    return seeded;
}

}  // namespace fedgram::experiments
