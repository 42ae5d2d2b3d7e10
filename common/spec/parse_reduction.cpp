#include "common/spec/parse_reduction.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/spec/parse_model.hpp"
#include "common/spec/plain_name.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/strict_object.hpp"
#include "common/spec/words.hpp"
#include "common/text/joined.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

template <class Enum>
void read_word(StrictObject& section, std::string_view key, Enum& target, const std::vector<std::string_view>& words)
{
    auto place = static_cast<std::size_t>(target);
    section.read(key, place, words);
    target = static_cast<Enum>(place);
}

/// Where the key is missing, what would stand there is said.
const ordered_json& required(StrictObject& section, std::string_view key, const std::string& expected)
{
    return with_way_out<SpecError>("use " + expected, [&]() -> const ordered_json& { return section.value(key); });
}

void read_bits(StrictObject& section, std::string_view key, std::uint32_t& bits)
{
    constexpr std::uint32_t most = 8;
    section.attempt([&] {
        const auto* value = section.find(key);
        if (value == nullptr) return;
        if (!value->is_number_unsigned() || *value < 1 || *value > most)
            section.refuse(key, "a whole number from 1 to " + std::to_string(most));
        bits = value->get<std::uint32_t>();
    });
}

void read_tuning(StrictObject& section, FineTuning& tuning)
{
    section.read("epochs", tuning.epochs, 0);
    section.read("learning_rate", tuning.learning_rate, above_zero_to_million);
    section.read("batch_size", tuning.batch_size, 1);
}

void read_settings(StrictObject& section, Prune& prune)
{
    section.read("sparsity", prune.sparsity, zero_to_below_one);
    read_word(section, "scope", prune.scope, pruning_scope_words);
    read_word(section, "course", prune.course, pruning_course_words);
    const bool in_rounds = prune.course == PruningCourse::iterative || prune.course == PruningCourse::lottery;
    if (in_rounds) section.read("rounds", prune.rounds, 1);
    if (prune.course == PruningCourse::gradual) section.read("every_steps", prune.every_steps, 1);
    read_tuning(section, prune.tuning);
    section.attempt([&] {
        if (prune.course != PruningCourse::one_shot && prune.tuning.epochs == 0)
            section.refuse("epochs", "at least 1 where weights go while it trains, or the course \"one-shot\"");
    });
}

void read_settings(StrictObject& section, PruneFilters& prune)
{
    section.read("fraction", prune.fraction, zero_to_below_one);
    read_word(section, "norm", prune.norm, filter_norm_words);
    read_tuning(section, prune.tuning);
}

void read_settings(StrictObject& section, ShareWeights& share)
{
    read_bits(section, "convolution_bits", share.convolution_bits);
    read_bits(section, "linear_bits", share.linear_bits);
    read_bits(section, "index_bits", share.index_bits);
    read_tuning(section, share.tuning);
}

void read_settings(StrictObject& section, Quantize& quantize)
{
    read_word(section, "type", quantize.type, quantized_type_words);
    if (quantize.type != QuantizedType::int8) return;
    read_word(section, "weights", quantize.weights, quantizer_scope_words);
    read_word(section, "calibration", quantize.calibration, calibration_words);
    if (quantize.calibration == Calibration::percentile)
        section.read("percentile", quantize.percentile, above_50_to_100);
    section.read("calibration_samples", quantize.calibration_samples, 1);
    read_tuning(section, quantize.tuning);
}

void read_settings(StrictObject& section, Factorize& factorize)
{
    const auto* const expected =
        "an object of layers and their ranks, as in {\"fc1\": 32, \"conv2\": [8, 16], \"conv3\": \"separable\"}";
    const auto& ranks = required(section, "ranks", expected);
    if (!ranks.is_object() || ranks.empty()) section.refuse("ranks", expected);
    const auto is_rank = [](const ordered_json& value) {
        return value.is_number_unsigned() && value > 0 && value <= std::numeric_limits<std::uint32_t>::max();
    };
    for (const auto& [layer, value] : ranks.items()) {
        if (value.is_number_float() && value > 0 && value < 1) {
            factorize.layers.push_back({.layer = layer, .kept_energy = value.get<double>()});
            continue;
        }
        if (value == separable_word) {
            factorize.layers.push_back({.layer = layer, .form = FactorForm::separable});
            continue;
        }
        const auto listed = value.is_array() ? value : ordered_json::array({value});
        if (listed.empty() || listed.size() > 2 || !std::ranges::all_of(listed, is_rank))
            refuse(section.path_of("ranks") + "." + layer, value,
                   "a rank of at least 1, two for a convolution, a share of its energy between 0 and 1, or "
                   "\"separable\"");
        factorize.layers.push_back({.layer = layer, .ranks = listed.get<std::vector<std::uint32_t>>()});
    }
    read_tuning(section, factorize.tuning);
}

void read_settings(StrictObject& section, Distill& distill)
{
    const auto* const expected = "a built-in model's name, or an object with layers";
    static_cast<void>(required(section, "student", expected));
    distill.student = parse_model(section, "student");
    if (!distill.student.torchscript.empty()) section.refuse("student", expected);
    if (!distill.student.start.empty())
        section.refuse("student", "it without start; a student learns from its teacher alone");
    section.read("temperature", distill.temperature, temperatures);
    section.read("alpha", distill.alpha, zero_to_one);
    read_tuning(section, distill.tuning);
}

void read_settings(StrictObject& section, FineTune& tune)
{
    section.read("frozen_to", tune.frozen_to);
    if (!tune.frozen_to.empty() && section.has("feature_store")) tune.feature_store = section.boolean("feature_store");
    read_tuning(section, tune.tuning);
}

template <std::size_t... Place>
Lever lever_at(std::size_t place, std::index_sequence<Place...>)
{
    Lever lever;
    static_cast<void>(((Place == place && (lever = std::variant_alternative_t<Place, Lever>{}, true)) || ...));
    return lever;
}

/// Throws where the lever's name is wrong: what else stands there can't be judged without it.
Lever read_lever(StrictObject section)
{
    auto lever = lever_at(section.word("lever", lever_words), std::make_index_sequence<std::variant_size_v<Lever>>{});
    std::visit([&](auto& kind) { read_settings(section, kind); }, lever);
    section.finish();
    return lever;
}

Reduction read_reduction(StrictObject section, const std::vector<std::string>& trainings, Mistakes& mistakes)
{
    Reduction reduction;
    reduction.label = section.text("label");
    if (!is_plain_name(reduction.label)) section.refuse("label", plain_name_words);
    if (std::ranges::find(trainings, reduction.label) != trainings.end())
        section.refuse("label", "another one than the trainings have");
    section.attempt([&] {
        reduction.training = section.text("training");
        if (std::ranges::find(trainings, reduction.training) == trainings.end())
            section.refuse("training", "the label of one of the trainings");
    });
    section.attempt([&] {
        const auto& levers = section.array("levers");
        for (std::size_t i = 0; i < levers.size(); ++i)
            mistakes.collect([&] {
                reduction.levers.push_back(
                    read_lever({levers[i], section.path_of("levers", i), Wording::specification, &mistakes}));
            });
    });
    section.finish();
    return reduction;
}

void write(const FineTuning& tuning, ordered_json& json)
{
    json["epochs"] = tuning.epochs;
    if (tuning.learning_rate) json["learning_rate"] = *tuning.learning_rate;
    if (tuning.batch_size) json["batch_size"] = *tuning.batch_size;
}

template <class Enum>
std::string_view word_of(Enum value, const std::vector<std::string_view>& words)
{
    return words[static_cast<std::size_t>(value)];
}

void write(const Prune& prune, ordered_json& json)
{
    json["sparsity"] = prune.sparsity;
    json["scope"] = word_of(prune.scope, pruning_scope_words);
    json["course"] = word_of(prune.course, pruning_course_words);
    if (prune.course == PruningCourse::iterative || prune.course == PruningCourse::lottery)
        json["rounds"] = prune.rounds;
    if (prune.course == PruningCourse::gradual) json["every_steps"] = prune.every_steps;
    write(prune.tuning, json);
}

void write(const PruneFilters& prune, ordered_json& json)
{
    json["fraction"] = prune.fraction;
    json["norm"] = word_of(prune.norm, filter_norm_words);
    write(prune.tuning, json);
}

void write(const ShareWeights& share, ordered_json& json)
{
    json["convolution_bits"] = share.convolution_bits;
    json["linear_bits"] = share.linear_bits;
    json["index_bits"] = share.index_bits;
    write(share.tuning, json);
}

void write(const Quantize& quantize, ordered_json& json)
{
    json["type"] = word_of(quantize.type, quantized_type_words);
    if (quantize.type != QuantizedType::int8) return;
    json["weights"] = word_of(quantize.weights, quantizer_scope_words);
    json["calibration"] = word_of(quantize.calibration, calibration_words);
    if (quantize.calibration == Calibration::percentile) json["percentile"] = quantize.percentile;
    json["calibration_samples"] = quantize.calibration_samples;
    write(quantize.tuning, json);
}

void write(const Factorize& factorize, ordered_json& json)
{
    for (const auto& [layer, ranks, kept_energy, form] : factorize.layers)
        json["ranks"][layer] = form == FactorForm::separable ? ordered_json(separable_word)
                               : ranks.empty()               ? ordered_json(kept_energy)
                               : ranks.size() == 1           ? ordered_json(ranks.front())
                                                             : ordered_json(ranks);
    write(factorize.tuning, json);
}

void write(const Distill& distill, ordered_json& json)
{
    json["student"] = to_json(distill.student);
    json["temperature"] = distill.temperature;
    json["alpha"] = distill.alpha;
    write(distill.tuning, json);
}

void write(const FineTune& tune, ordered_json& json)
{
    if (!tune.frozen_to.empty()) {
        json["frozen_to"] = tune.frozen_to;
        json["feature_store"] = tune.feature_store;
    }
    write(tune.tuning, json);
}

std::vector<std::string> lever_names() { return {lever_words.begin(), lever_words.end()}; }

ordered_json value_of(std::string_view text)
{
    return ordered_json::accept(text) ? ordered_json::parse(text) : ordered_json(text);
}

/// Where a setting ends: at a comma that stands in no list, object or text.
std::size_t end_of_setting(std::string_view text)
{
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        if (c == ',' && depth == 0) return i;
    }
    return text.size();
}

}  // namespace

std::vector<Reduction> parse_reductions(const ordered_json& list, const std::vector<std::string>& trainings,
                                        Mistakes& mistakes)
{
    if (!list.is_array()) refuse("reductions", list, "a list of reductions");
    std::vector<Reduction> reductions;
    std::set<std::string> labels;
    for (std::size_t i = 0; i < list.size(); ++i)
        mistakes.collect([&] {
            const auto path = "reductions[" + std::to_string(i) + "]";
            reductions.push_back(
                read_reduction({list[i], path, Wording::specification, &mistakes}, trainings, mistakes));
            if (!labels.insert(reductions.back().label).second)
                throw SpecError{path + ".label: \"" + reductions.back().label +
                                "\" stands twice; use a label of its own for each reduction"};
        });
    return reductions;
}

Lever parse_lever(std::string_view text)
{
    const auto colon = text.find(':');
    const std::string name{text.substr(0, colon)};
    if (std::ranges::find(lever_words, name) == lever_words.end())
        throw SpecError{"--lever: \"" + name + "\" is no lever; use one of " + text::joined(lever_names())};
    ordered_json json{{"lever", name}};
    const auto place = "--lever " + name;
    auto rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    while (!rest.empty()) {
        const auto end = end_of_setting(rest);
        const auto setting = rest.substr(0, end);
        const auto equals = setting.find('=');
        if (equals == std::string_view::npos || equals == 0)
            throw SpecError{place + ": \"" + std::string{setting} +
                            "\" is no setting; use NAME=VALUE, as in prune:sparsity=0.9,epochs=1"};
        const std::string key{setting.substr(0, equals)};
        if (json.contains(key)) throw SpecError{place + ": \"" + key + "\" stands twice; state it once"};
        json[key] = value_of(setting.substr(equals + 1));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return parse_lever(json, place);
}

Lever parse_lever(const ordered_json& json, const std::string& path)
{
    return read_lever({json, path, Wording::specification});
}

ordered_json to_json(const Lever& lever)
{
    ordered_json json{{"lever", name(lever)}};
    std::visit([&](const auto& kind) { write(kind, json); }, lever);
    return json;
}

ordered_json to_json(const Reduction& reduction)
{
    ordered_json json{{"label", reduction.label}, {"training", reduction.training}, {"levers", ordered_json::array()}};
    for (const auto& lever : reduction.levers) json["levers"].push_back(to_json(lever));
    return json;
}

}  // namespace fedgram::spec
