#include "common/spec/parse_compression.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

/// A word that is offered: of one of both kinds, or "none".
struct Step {
    Sparsifier sparsifier = Sparsifier::none;
    Quantizer quantizer = Quantizer::none;
};

std::vector<std::string_view> step_words()
{
    auto words = quantizer_words;
    words.insert(words.end(), sparsifier_words.begin() + 1, sparsifier_words.end());  // without a second "none"
    return words;
}

Step step_at(std::size_t place)
{
    const auto quantizers = quantizer_words.size();
    if (place < quantizers) return {.quantizer = static_cast<Quantizer>(place)};
    return {.sparsifier = static_cast<Sparsifier>(place - quantizers + 1)};
}

/// A chain's sparsifier has been read before its quantizer.
void read_error_feedback(StrictObject& section, Quantizer quantizer, Compression& compression)
{
    const bool is_sparse = compression.sparsifier != Sparsifier::none;
    if (is_sparse && quantizer != Quantizer::none) {
        if (quantizer == Quantizer::sign && section.has("error_feedback"))
            throw SpecError{section.path_of("error_feedback") +
                            ": is said once for a whole chain; move it to the sparsifier before"};
    } else if (is_sparse || quantizer == Quantizer::sign) {
        compression.error_feedback = !section.has("error_feedback") || section.boolean("error_feedback");
    }
}

void read_levels(StrictObject& section, std::uint32_t& levels)
{
    const auto* found = section.find("levels");
    if (found == nullptr) return;
    if (!found->is_number_integer() || *found < 1 || *found > most_qsgd_levels)
        section.refuse("levels", "a whole number from 1 to " + std::to_string(most_qsgd_levels));
    levels = found->get<std::uint32_t>();
}

void read_keys(StrictObject& section, const Step& step, Compression& compression)
{
    if (step.sparsifier != Sparsifier::none) {
        compression.sparsifier = step.sparsifier;
        section.read("fraction", compression.fraction, above_zero_to_one);
    } else {
        compression.quantizer = step.quantizer;
    }
    if (step.quantizer == Quantizer::int8 || step.quantizer == Quantizer::int4)
        section.read("block", compression.block, 1);
    if (step.quantizer == Quantizer::qsgd) section.attempt([&] { read_levels(section, compression.levels); });
    section.attempt([&] { read_error_feedback(section, step.quantizer, compression); });
}

/// The step under `path` by its word alone, or nothing where that is a mistake.
std::optional<Step> step_of(const ordered_json& value, const std::string& path, Mistakes& mistakes)
{
    std::optional<Step> step;
    mistakes.collect([&] {
        if (!value.is_string() && !value.is_object()) refuse(path, value, "a word or an object {...}");
        const auto object = value.is_string() ? ordered_json{{path, value}} : value;
        StrictObject section{object, value.is_string() ? "" : path, Wording::specification};
        step = step_at(section.word(value.is_string() ? path : "kind", step_words()));
    });
    return step;
}

/// What keeps these steps from being a chain, or nothing.
std::optional<std::string> fault_of(const std::vector<Step>& steps)
{
    if (steps.empty()) return "has no step";
    if (steps.size() > 2) return "has " + std::to_string(steps.size()) + " steps";
    if (steps.size() == 2 && steps.front().sparsifier == Sparsifier::none)
        return "begins with \"" + name({.quantizer = steps.front().quantizer}) + "\", which is no sparsifier";
    if (steps.size() == 2 && steps.back().quantizer == Quantizer::none)
        return "ends with \"" + name({.sparsifier = steps.back().sparsifier}) + "\", which is no quantizer";
    return std::nullopt;
}

std::string listed(const std::vector<std::string_view>& words)
{
    std::string text;
    for (std::size_t i = 1; i < words.size(); ++i) text += (i == 1 ? "\"" : ", \"") + std::string{words[i]} + '"';
    return text;
}

}  // namespace

void read_compression(StrictObject& training, const char* key, Compression& compression)
{
    const auto& value = training.value(key);
    const auto path = training.path_of(key);
    if (!value.is_string() && !value.is_object() && !value.is_array())
        refuse(path, value, "a word, an object {...} or a list of such");
    const auto items = value.is_array() ? value : ordered_json::array({value});
    const auto path_of_item = [&](std::size_t item) { return value.is_array() ? training.path_of(key, item) : path; };
    Mistakes mistakes;
    std::vector<Step> steps;
    for (std::size_t i = 0; i < items.size(); ++i)
        if (const auto step = step_of(items[i], path_of_item(i), mistakes)) steps.push_back(*step);
    mistakes.finish();
    if (const auto fault = fault_of(steps))
        throw SpecError{path + ": the chain " + *fault + "; use one sparsifier (" + listed(sparsifier_words) +
                        ") and one quantizer after it (" + listed(quantizer_words) + "), or one of them alone"};
    Compression read;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const auto object = items[i].is_string() ? ordered_json::object() : items[i];
        StrictObject section{object, path_of_item(i), Wording::specification, &mistakes};
        section.pass_over({"kind"});
        read_keys(section, steps[i], read);
        section.finish();
    }
    mistakes.finish();
    compression = read;
}

ordered_json to_json(const Compression& compression)
{
    const bool is_sparse = compression.sparsifier != Sparsifier::none;
    ordered_json sparsifier{{"kind", sparsifier_words[static_cast<std::size_t>(compression.sparsifier)]},
                            {"fraction", compression.fraction},
                            {"error_feedback", compression.error_feedback}};
    if (is_sparse && compression.quantizer == Quantizer::none) return sparsifier;
    ordered_json quantizer{{"kind", quantizer_words[static_cast<std::size_t>(compression.quantizer)]}};
    if (compression.quantizer == Quantizer::int8 || compression.quantizer == Quantizer::int4)
        quantizer["block"] = compression.block;
    if (compression.quantizer == Quantizer::qsgd) quantizer["levels"] = compression.levels;
    if (compression.quantizer == Quantizer::sign && !is_sparse)
        quantizer["error_feedback"] = compression.error_feedback;
    if (quantizer.size() == 1) quantizer = ordered_json(quantizer["kind"]);
    return is_sparse ? ordered_json::array({sparsifier, quantizer}) : quantizer;
}

}  // namespace fedgram::spec
