#include "common/spec/override.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/mistakes.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/strict_object.hpp"
#include "common/spec/utf8.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

struct Setting {
    std::string text;  // as the user wrote it, up to '='
    std::vector<std::string> path;
    ordered_json value;
};

std::vector<std::string> split(const std::string& text)
{
    std::vector<std::string> parts{""};
    for (const char c : text)
        if (c == '.')
            parts.emplace_back();
        else
            parts.back() += c;
    return parts;
}

ordered_json value_of(const std::string& key, const std::string& text)
{
    return ordered_json::accept(text) ? parse_json_text(text, "--set " + key) : ordered_json(text);
}

Setting read_setting(const std::string& set)
{
    constexpr std::size_t deepest = 64;  // as a spec's own nesting
    const auto equals = set.find('=');
    const auto key = set.substr(0, equals);
    if (!is_utf8(set)) throw SpecError{"--set " + (is_utf8(key) ? key : "KEY=VALUE") + ": is not valid UTF-8"};
    if (equals == std::string::npos || equals == 0)
        throw SpecError{"--set " + set + ": is not valid; use KEY=VALUE, such as federated.local_epochs=5"};
    Setting setting{key, split(key), value_of(key, set.substr(equals + 1))};
    if (std::ranges::any_of(setting.path, [](const auto& part) { return part.empty(); }))
        throw SpecError{"--set " + set + ": is not valid; the key has an empty part"};
    if (setting.path.size() > deepest)
        throw SpecError{"--set " + key + ": the key has " + std::to_string(setting.path.size()) +
                        " parts; use at most " + std::to_string(deepest)};
    return setting;
}

// Keys that take a kind's word alone, or an object with the kind's constants.
constexpr std::array<std::string_view, 7> keys_of_words{"selection",   "aggregation",          "strategy",
                                                        "compression", "download_compression", "learning_rate_schedule",
                                                        "schedule"};

bool takes_word(const std::string& key) { return std::ranges::find(keys_of_words, key) != keys_of_words.end(); }

/// What names the kind in the object under a key.
const char* kind_key(const std::string& key) { return key == "selection" ? "policy" : "kind"; }

/// Of an object whose other keys belong to its kind.
bool sets_kind(std::span<const std::string> path)
{
    if (path.size() < 2) return false;
    const auto& section = path[path.size() - 2];
    return path.back() == kind_key(section) &&
           (takes_word(section) || section == "partition" || section == "feature_skew");
}

/// How deep the object is of which a setting chooses the kind, by its word or as a whole; deeper than any for one that
/// chooses none.
std::size_t kind_depth(const Setting& setting)
{
    if (takes_word(setting.path.back())) return setting.path.size();
    return sets_kind(setting.path) ? setting.path.size() - 1 : std::string::npos;
}

/// A word alone becomes the object that says the same, with room for the keys that may stand beside it.
void make_room(ordered_json& value, const std::string& key)
{
    if (takes_word(key) && value.is_string()) value = ordered_json{{kind_key(key), value}};
    if (key == "secure_aggregation" && value == true) value = ordered_json::object();
}

/// A model that is a built-in one's name becomes an object for the keys that such a model may have beside its name.
void make_room_in_model(ordered_json& spec, const Setting& setting)
{
    if (setting.path.size() != 2 || setting.path.front() != "model") return;
    const auto& key = setting.path.back();
    constexpr std::array<std::string_view, 5> keys{"name", "width", "parametrization", "start", "frozen_to"};
    if (std::ranges::find(keys, key) == keys.end()) return;
    if (const auto model = spec.find("model"); model != spec.end() && model->is_string())
        *model = ordered_json{{"name", *model}};
}

/// `path` below `json`, made of objects where there is nothing yet.
void set_below(ordered_json& json, std::span<const std::string> path, const Setting& setting)
{
    auto* place = &json;
    for (const auto& part : path.first(path.size() - 1)) {
        place = &(*place)[part];
        make_room(*place, part);
        if (!place->is_null() && !place->is_object())
            throw SpecError{"--set " + setting.text + ": " + part + " is no object, but " + shown(*place) +
                            "; set it as a whole"};
    }
    if (const auto& key = path.back(); sets_kind(path) && place->contains(key) && place->at(key) != setting.value)
        *place = ordered_json::object();
    (*place)[path.back()] = setting.value;
}

class Trainings {
public:
    explicit Trainings(ordered_json& spec)
    {
        if (const auto list = spec.find("trainings"); list != spec.end() && list->is_array())
            for (auto& training : *list)
                if (training.is_object()) trainings_.push_back(&training);
    }

    [[nodiscard]] std::vector<ordered_json*> of_kind(const std::string& kind) const { return where("kind", kind); }

    [[nodiscard]] ordered_json& labelled(const std::string& label, const Setting& setting) const
    {
        const auto found = where("label", label);
        if (found.empty())
            throw SpecError{"--set " + setting.text + ": no training is labelled " + label + "; use one of " +
                            labels()};
        return *found.front();
    }

private:
    [[nodiscard]] std::vector<ordered_json*> where(const std::string& key, const std::string& value) const
    {
        std::vector<ordered_json*> found;
        std::ranges::copy_if(trainings_, std::back_inserter(found), [&](const ordered_json* training) {
            return training->contains(key) && training->at(key) == value;
        });
        return found;
    }

    [[nodiscard]] std::string labels() const
    {
        std::string text;
        for (const auto* training : trainings_)
            if (training->contains("label") && training->at("label").is_string())
                text += (text.empty() ? "" : ", ") + training->at("label").get<std::string>();
        return text;
    }

    std::vector<ordered_json*> trainings_;
};

/// `path` below a training. A key beside a word stands beside that of the section, where the training says none: a
/// compression builds on no other.
void set_below_training(ordered_json& training, const ordered_json& spec, std::span<const std::string> path,
                        const Setting& setting)
{
    const auto& key = path.front();
    const auto section = spec.find("federated");
    const bool is_shared = section != spec.end() && section->is_object() && section->contains(key) &&
                           training.contains("kind") && training.at("kind") == "federated";
    if (path.size() > 1 && takes_word(key) && is_shared && !training.contains(key)) training[key] = section->at(key);
    set_below(training, path, setting);
}

bool names_section(const Setting& setting)
{
    return setting.path.front() == "centralized" || setting.path.front() == "federated";
}

void set_in_section(ordered_json& spec, const Setting& setting)
{
    const auto& section = setting.path.front();
    if (setting.path.size() < 2)
        throw SpecError{"--set " + setting.text + ": name a key of it, such as " + section + ".learning_rate=0.01"};
    const auto below = std::span{setting.path}.subspan(1);
    const auto trainings = Trainings{spec}.of_kind(section);
    for (auto* training : trainings) set_below_training(*training, spec, below, setting);
    // Without such a training the setting changes nothing, but its key and value are checked all the same.
    if (trainings.empty()) set_below(spec, setting.path, setting);
}

void set_in_training(ordered_json& spec, const Setting& setting)
{
    if (setting.path.size() < 3)
        throw SpecError{"--set " + setting.text + ": name a key of it, such as " + setting.text +
                        ".learning_rate=0.01"};
    set_below_training(Trainings{spec}.labelled(setting.path[1], setting), spec, std::span{setting.path}.subspan(2),
                       setting);
}

}  // namespace

void apply_overrides(ordered_json& spec, const std::vector<std::string>& sets)
{
    if (!spec.is_object()) return;  // the parser says what is wrong
    std::vector<Setting> settings;
    Mistakes mistakes;
    for (const auto& set : sets) mistakes.collect([&] { settings.push_back(read_setting(set)); });
    const auto in_training = [](const Setting& setting) {
        return setting.path.front() == "trainings" && setting.path.size() > 1;
    };
    // A kind comes before the parameters that belong to it, the particular after the general.
    std::ranges::stable_sort(settings, {}, kind_depth);
    std::stable_partition(settings.begin(), settings.end(),
                          [&](const Setting& setting) { return !in_training(setting); });
    std::stable_partition(settings.begin(), settings.end(),
                          [&](const Setting& setting) { return !in_training(setting) && !names_section(setting); });
    const auto apply = [&](const Setting& setting) {
        if (in_training(setting)) {
            set_in_training(spec, setting);
        } else if (names_section(setting)) {
            set_in_section(spec, setting);
        } else {
            make_room_in_model(spec, setting);
            set_below(spec, setting.path, setting);
        }
    };
    for (const auto& setting : settings) mistakes.collect([&] { apply(setting); });
    mistakes.finish();
}

}  // namespace fedgram::spec
