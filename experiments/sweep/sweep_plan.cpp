#include "experiments/sweep/sweep_plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/number_text.hpp"
#include "experiments/sweep/run_name.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;
using spec::StrictObject;

namespace {

constexpr std::array<std::pair<SearchMethod, std::string_view>, 5> methods{
    {{SearchMethod::grid, "grid"},
     {SearchMethod::random, "random"},
     {SearchMethod::successive_halving, "successive_halving"},
     {SearchMethod::hyperband, "hyperband"},
     {SearchMethod::asha, "asha"}}};
constexpr std::array<std::pair<SweepBudget::Unit, std::string_view>, 4> units{
    {{SweepBudget::Unit::runs, "runs"},
     {SweepBudget::Unit::core_seconds, "core_seconds"},
     {SweepBudget::Unit::joules, "joules"},
     {SweepBudget::Unit::gco2e, "gco2e"}}};
constexpr std::array<std::pair<Objective::Kind, std::string_view>, 3> objectives{
    {{Objective::Kind::greenest, "greenest"},
     {Objective::Kind::most_accurate, "most_accurate"},
     {Objective::Kind::pareto, "pareto"}}};

constexpr spec::NumberRange between_zero_and_one{.low = 0,
                                                 .low_end = spec::NumberRange::Low::excluded,
                                                 .high = 1,
                                                 .high_end = spec::NumberRange::High::excluded,
                                                 .words = "a number between 0 and 1"};

template <class Names, class Value>
std::string_view name_in(const Names& names, Value value)
{
    return std::ranges::find(names, value, [](const auto& entry) { return entry.first; })->second;
}

template <class Names>
auto choice_in(const Names& names, StrictObject& object, const char* key)
{
    std::vector<std::string_view> words;
    for (const auto& [value, word] : names) words.push_back(word);
    std::size_t place = 0;
    static_cast<void>(object.value(key));
    object.read(key, place, words);
    return names[place].first;
}

std::string last_part(const std::string& key) { return key.substr(key.rfind('.') + 1); }

/// Two values that differ only in what a folder's name can't hold would share one.
void refuse_twins(const std::string& path, const std::vector<std::string>& values)
{
    std::map<std::string, std::string> seen;
    for (const auto& value : values) {
        const auto [other, is_new] = seen.emplace(name_of_value(value), value);
        if (is_new) continue;
        const auto shown = [](const std::string& text) { return spec::shown(ordered_json::parse(text)); };
        throw SpecError{path + ": " +
                        (other->second == value
                             ? shown(value) + " stands twice; give each value once"
                             : shown(other->second) + " and " + shown(value) + " are both " + other->first +
                                   " in the name of a run's folder; use one of them, or a sweep for each")};
    }
}

// Keys -----------------------------------------------------------------------------------------------------------

std::vector<std::string> texts_of(const ordered_json& list)
{
    std::vector<std::string> texts;
    for (const auto& value : list) texts.push_back(value.dump());
    return texts;
}

ValueRange parse_range(StrictObject& object, const char* key)
{
    ValueRange range{.logarithmic = std::string_view{key} == "log_uniform"};
    const auto& ends = object.value(key);
    const bool are_numbers = ends.is_array() && ends.size() == 2 && ends[0].is_number() && ends[1].is_number();
    if (are_numbers) {
        range.low = ends[0].get<double>();
        range.high = ends[1].get<double>();
    }
    if (!are_numbers || !(range.low < range.high))
        object.refuse(key, "a list of two numbers, the lower first, such as [0.001, 0.1]");
    if (range.logarithmic && range.low <= 0) object.refuse(key, "two numbers above 0: others have no logarithm");
    if (object.has("whole")) range.whole = object.boolean("whole");
    if (range.whole && (range.low != std::floor(range.low) || range.high != std::floor(range.high)))
        object.refuse(key, "two whole numbers, as \"whole\" says");
    return range;
}

/// `before` are the keys that stand before it.
void parse_conditions(StrictObject object, const ordered_json& json, const std::vector<SweepKey>& before, SweepKey& key)
{
    if (json.empty())
        throw SpecError{"set." + key.key + ".when: {} is not valid; name a key with a list of its values"};
    for (const auto& [other, values] : json.items()) {
        const auto found = std::ranges::find(before, other, &SweepKey::key);
        if (found == before.end())
            throw SpecError{object.path_of(other) + ": no key of set that stands before has this name"};
        if (found->range)
            throw SpecError{object.path_of(other) +
                            ": a condition looks at a key with a list of values, and this one "
                            "has a range"};
        static_cast<void>(object.value(other));
        if (!values.is_array() || values.empty()) object.refuse(other, "a list of that key's values");
        auto& [name, wanted] = key.when.emplace_back(other, texts_of(values));
        for (const auto& value : wanted)
            if (std::ranges::count(found->values, value) == 0)
                throw SpecError{object.path_of(name) + ": " + spec::shown(ordered_json::parse(value)) +
                                " is none of that key's values, so the condition can't hold"};
    }
}

SweepKey parse_key(const std::string& name, const ordered_json& json, const std::vector<SweepKey>& before)
{
    const auto path = "set." + name;
    SweepKey key{name};
    constexpr auto forms = "a list of values, or an object with values, uniform or log_uniform";
    const auto take_list = [&](const ordered_json& list) {
        if (!list.is_array() || list.empty())
            throw SpecError{path + ": " + spec::shown(list) + " is not valid; use " + forms};
        key.values = texts_of(list);
        refuse_twins(path, key.values);
    };
    if (!json.is_object()) {
        take_list(json);
        return key;
    }
    StrictObject object{json, path, spec::Wording::specification};
    const auto forms_given = static_cast<int>(object.has("values")) + static_cast<int>(object.has("uniform")) +
                             static_cast<int>(object.has("log_uniform"));
    if (forms_given != 1) throw SpecError{path + ": use exactly one of values, uniform and log_uniform"};
    if (object.has("values"))
        take_list(object.value("values"));
    else
        key.range = parse_range(object, object.has("uniform") ? "uniform" : "log_uniform");
    if (object.has("when")) parse_conditions(object.object("when"), object.value("when"), before, key);
    object.finish();
    return key;
}

std::vector<SweepKey> parse_keys(StrictObject& section)
{
    const auto& set = section.value("set");
    if (!set.is_object() || set.empty())
        section.refuse("set", "an object of lists, such as {\"federated.local_epochs\": [1, 5]}");
    std::vector<SweepKey> keys;
    for (const auto& [name, json] : set.items()) keys.push_back(parse_key(name, json, keys));
    return keys;
}

// Search ---------------------------------------------------------------------------------------------------------

SearchRule parse_search(StrictObject object)
{
    SearchRule rule;
    rule.method = choice_in(methods, object, "method");
    const auto word = std::string{name(rule.method)};
    const auto needs = [&](const char* key, std::uint32_t& target, std::uint64_t low) {
        if (!object.has(key)) throw SpecError{object.path_of(key) + ": is missing; " + word + " needs it"};
        object.read(key, target, low);
    };
    if (rule.method != SearchMethod::grid && rule.method != SearchMethod::hyperband) needs("trials", rule.trials, 1);
    if (rule.method != SearchMethod::grid) object.read("seed", rule.seed, 0);
    if (rule.has_rungs()) {
        needs("max_rounds", rule.max_rounds, 1);
        object.read("eta", rule.eta, 2);
    }
    if (rule.method == SearchMethod::hyperband) object.read("passes", rule.passes, 1);
    if (rule.method == SearchMethod::successive_halving || rule.method == SearchMethod::asha) {
        object.read("min_rounds", rule.min_rounds, 1);
        if (rule.min_rounds > rule.max_rounds)
            object.refuse("min_rounds", "a whole number from 1 to max_rounds, " + std::to_string(rule.max_rounds));
    }
    if (rule.method == SearchMethod::asha && !object.has("workers"))
        throw SpecError{object.path_of("workers") +
                        ": is missing; asha needs so many virtual workers, whose order decides what goes on"};
    object.read("workers", rule.workers, 1);
    object.finish();
    return rule;
}

Objective parse_objective(StrictObject object)
{
    Objective objective;
    objective.kind = choice_in(objectives, object, "find");
    const auto needs = [&](const char* key, double& target, const spec::NumberRange& range, const char* why) {
        if (!object.has(key)) throw SpecError{object.path_of(key) + ": is missing; " + why};
        object.read(key, target, range);
    };
    if (objective.kind == Objective::Kind::greenest)
        needs("min_accuracy", objective.min_accuracy, between_zero_and_one,
              "the greenest setting is the one that reaches this accuracy for the fewest grams");
    if (objective.kind == Objective::Kind::most_accurate)
        needs("max_gco2e", objective.max_gco2e, spec::positive,
              "the most accurate setting is the best one that these grams allow");
    object.read("training", objective.training);
    object.finish();
    return objective;
}

SweepBudget parse_budget(StrictObject object, const ordered_json& json)
{
    if (json.size() != 1)
        throw SpecError{
            "budget: " + spec::shown(json) +
            " is not valid; use only one of runs, core_seconds, joules and gco2e, such as {\"joules\": 1e6}"};
    SweepBudget budget;
    for (const auto& [unit, word] : units)
        if (object.has(word)) {
            budget.unit = unit;
            budget.most = object.number(word, spec::positive);
        }
    object.finish();
    return budget;
}

/// What a search says in another place, or what would leave its trials nothing to be compared by.
void check_keys(const SweepPlan& plan)
{
    const auto refuse = [](const SweepKey& key, const std::string& why) {
        throw SpecError{"set." + key.key + ": " + why};
    };
    for (const auto& key : plan.keys) {
        if (key.key == "seed") refuse(key, "a sweep has seeds of its own; give them as \"seeds\"");
        if (!plan.is_search()) continue;
        if (key.key == "accounting.countries")
            refuse(key,
                   "a search compares grams in one country; state it in the specification, or make a search for each");
        if (!plan.objective) continue;
        if (key.key == "data.validation_share" || key.key == "data.measure_test")
            refuse(key, "trials that are judged on different samples can't be compared; state it in the specification");
        if (key.key == "target_accuracy") refuse(key, "the objective says when a trial stops; leave it out");
        if (plan.search.has_rungs() && last_part(key.key) == "max_rounds")
            refuse(key, "search.max_rounds says how far trials go; leave it out");
    }
}

void check_together(const SweepPlan& plan)
{
    check_keys(plan);
    const auto& rule = plan.search;
    const auto method = std::string{name(rule.method)};
    for (const auto& key : plan.keys)
        if (key.range && rule.method == SearchMethod::grid)
            throw SpecError{"set." + key.key +
                            ": a grid takes lists of values; give search a method that draws from a range, such as "
                            "{\"method\": \"random\", \"trials\": 20}"};
    if (rule.has_rungs() && !plan.objective)
        throw SpecError{
            "objective: is missing; " + method +
            " needs it to tell which settings go on, such as {\"find\": \"greenest\", \"min_accuracy\": 0.8}"};
    if (plan.budget && plan.budget->unit == SweepBudget::Unit::runs &&
        plan.budget->most < static_cast<double>(plan.seeds.size()))
        throw SpecError{"budget.runs: " + text::shortest(plan.budget->most) +
                        " is less than one setting takes, which is " + std::to_string(plan.seeds.size()) +
                        " runs, one a seed"};
}

}  // namespace

std::string_view name(SearchMethod method) { return name_in(methods, method); }
std::string_view name(SweepBudget::Unit unit) { return name_in(units, unit); }
std::string_view name(Objective::Kind kind) { return name_in(objectives, kind); }

std::string short_key(const SweepPlan& plan, const std::string& key)
{
    const auto same = [&](const SweepKey& other) { return last_part(other.key) == last_part(key); };
    return std::ranges::count_if(plan.keys, same) == 1 ? last_part(key) : key;
}

std::string setting_name(const SweepPlan& plan, const std::vector<std::string>& values)
{
    std::string name;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (plan.keys[i].varies() && values[i] != "-")
            name += (name.empty() ? "" : ", ") + short_key(plan, plan.keys[i].key) + " " + values[i];
    return name.empty() ? plan.spec : name;
}

std::string plain(const std::string& json_text)
{
    const auto value = ordered_json::parse(json_text);
    return value.is_string() ? value.get<std::string>() : json_text;
}

SweepPlan parse_sweep(const ordered_json& json)
{
    if (json.is_object() && json.contains("trainings") && !json.contains("set"))
        throw SpecError{
            "this is a specification, and no sweep; call `fedgram run` with it, or name it as \"spec\" in a sweep"};
    StrictObject section{json, "", spec::Wording::specification};
    SweepPlan plan;
    static_cast<void>(section.value("spec"));
    section.read("spec", plan.spec);
    plan.keys = parse_keys(section);
    if (section.has("seeds")) {
        const auto& seeds = section.value("seeds");
        plan.seeds.clear();
        if (!seeds.is_array() || seeds.empty() ||
            !std::ranges::all_of(seeds, [](const auto& seed) { return seed.is_number_unsigned(); }))
            section.refuse("seeds", "a list of whole numbers from 0");
        for (const auto& seed : seeds) plan.seeds.push_back(seed.get<std::uint64_t>());
    }
    if (section.has("search")) plan.search = parse_search(section.object("search"));
    if (section.has("objective")) plan.objective = parse_objective(section.object("objective"));
    if (section.has("budget")) plan.budget = parse_budget(section.object("budget"), section.value("budget"));
    section.finish();
    check_together(plan);
    return plan;
}

namespace {

ordered_json list_json(const std::vector<std::string>& texts)
{
    auto list = ordered_json::array();
    for (const auto& text : texts) list.push_back(ordered_json::parse(text));
    return list;
}

ordered_json key_json(const SweepKey& key)
{
    if (!key.range && key.when.empty()) return list_json(key.values);
    ordered_json json;
    if (key.range) {
        json[key.range->logarithmic ? "log_uniform" : "uniform"] = {key.range->low, key.range->high};
        if (key.range->whole) json["whole"] = true;
    } else {
        json["values"] = list_json(key.values);
    }
    for (const auto& [other, values] : key.when) json["when"][other] = list_json(values);
    return json;
}

ordered_json search_json(const SearchRule& rule)
{
    ordered_json json{{"method", name(rule.method)}};
    if (rule.trials > 0) json["trials"] = rule.trials;
    if (rule.method != SearchMethod::grid) json["seed"] = rule.seed;
    if (rule.has_rungs()) {
        json["eta"] = rule.eta;
        if (rule.method != SearchMethod::hyperband) json["min_rounds"] = rule.min_rounds;
        json["max_rounds"] = rule.max_rounds;
        if (rule.method == SearchMethod::hyperband) json["passes"] = rule.passes;
    }
    if (rule.workers) json["workers"] = *rule.workers;
    return json;
}

ordered_json objective_json(const Objective& objective)
{
    ordered_json json{{"find", name(objective.kind)}};
    if (objective.kind == Objective::Kind::greenest) json["min_accuracy"] = objective.min_accuracy;
    if (objective.kind == Objective::Kind::most_accurate) json["max_gco2e"] = objective.max_gco2e;
    if (!objective.training.empty()) json["training"] = objective.training;
    return json;
}

}  // namespace

ordered_json to_json(const SweepPlan& plan)
{
    ordered_json json{{"spec", plan.spec}, {"set", ordered_json::object()}, {"seeds", plan.seeds}};
    for (const auto& key : plan.keys) json["set"][key.key] = key_json(key);
    if (plan.search != SearchRule{}) json["search"] = search_json(plan.search);
    if (plan.objective) json["objective"] = objective_json(*plan.objective);
    if (plan.budget) json["budget"] = {{std::string{name(plan.budget->unit)}, plan.budget->most}};
    return json;
}

}  // namespace fedgram::experiments
