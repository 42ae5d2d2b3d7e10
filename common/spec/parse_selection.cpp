#include "common/spec/parse_selection.hpp"

#include <algorithm>
#include <cstddef>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/kind_object.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/words.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

constexpr NumberRange at_least_one{.low = 1, .words = "a number of at least 1"};
constexpr NumberRange slack{
    .low_end = NumberRange::Low::excluded, .high = most_hours, .words = "a number greater than 0 and at most 8784"};
constexpr NumberRange percentile{
    .low_end = NumberRange::Low::excluded, .high = 100, .words = "a number greater than 0 and at most 100"};

template <class Word>
void read_word(StrictObject& section, const char* key, Word& target, const std::vector<std::string_view>& words)
{
    auto place = static_cast<std::size_t>(target);
    section.read(key, place, words);
    target = static_cast<Word>(place);
}

template <class Word>
std::string_view word_of(Word value, const std::vector<std::string_view>& words)
{
    return words[static_cast<std::size_t>(value)];
}

/// Oort's numbers, in the order in which they are written.
struct OortNumber {
    const char* key;
    double OortConstants::*value;
    const NumberRange& range;
};
constexpr OortNumber oort_numbers[] = {
    {"explore", &OortConstants::explore, zero_to_one},
    {"explore_decay", &OortConstants::explore_decay, zero_to_one},
    {"explore_min", &OortConstants::explore_min, zero_to_one},
    {"explore_window", &OortConstants::explore_window, at_least_one},
    {"round_penalty", &OortConstants::round_penalty, zero_or_more},
    {"clip_quantile", &OortConstants::clip_quantile, zero_to_one},
    {"cut_off", &OortConstants::cut_off, zero_to_one},
    {"pacer_delta", &OortConstants::pacer_delta, percentile},
    {"start_percentile", &OortConstants::start_percentile, percentile},
};

void read_cap(StrictObject& section, Selection& selection)
{
    if (selection.max_grams == 0) section.require("max_grams");
    section.read("max_grams", selection.max_grams, above_zero);
    read_word(section, "beyond_cap", selection.beyond_cap, beyond_cap_words);
}

void read_alpha_fair(StrictObject& section, Selection& selection)
{
    read_cap(section, selection);
    section.read("alpha", selection.alpha, above_zero_to_one);
    if (selection.window_hours == 0) section.require("window_hours");
    section.attempt([&] {
        section.read("window_hours", selection.window_hours, 1);
        if (selection.window_hours > most_hours)
            section.refuse("window_hours", "a whole number from 1 to " + std::to_string(most_hours));
    });
    section.attempt([&] {
        section.read("final_rounds", selection.final_rounds, 0);
        if (selection.window_hours != 0 && selection.final_rounds > selection.window_hours)
            throw SpecError{section.path_of("final_rounds") + ": " + std::to_string(selection.final_rounds) +
                            " is more than the " + std::to_string(selection.window_hours) +
                            " of window_hours; use a smaller number"};
    });
}

void read_policy(StrictObject& section, Selection& selection)
{
    switch (selection.policy) {
        case SelectionKind::uniform:
        case SelectionKind::by_samples:
        case SelectionKind::lowest_intensity:
            break;
        case SelectionKind::power_of_choice:
            section.read("candidates", selection.candidates, 1);
            read_word(section, "loss", selection.loss, candidate_loss_words);
            break;
        case SelectionKind::oort:
            for (const auto& number : oort_numbers)
                section.read(number.key, selection.oort.*number.value, number.range);
            section.read("pacer_step", selection.oort.pacer_step, 1);
            break;
        case SelectionKind::alpha_fair:
            read_alpha_fair(section, selection);
            break;
        case SelectionKind::wait_for_cleaner:
            if (selection.slack_hours == 0) section.require("slack_hours");
            section.read("slack_hours", selection.slack_hours, slack);
            break;
        case SelectionKind::grams_cap:
            read_cap(section, selection);
            break;
    }
    section.read("max_participations", selection.max_participations, 1);
}

}  // namespace

void read_selection(StrictObject& training, Selection& selection, bool refused)
{
    const auto object = kind_object(training, "selection", "policy", selection_words);
    Mistakes mistakes;
    StrictObject section{object, training.path_of("selection"), Wording::specification, &mistakes};
    const bool has_policy = section.has("policy");
    if (!has_policy && refused) return;
    auto read = selection;
    auto policy = selection.policy;
    if (has_policy) policy = static_cast<SelectionKind>(section.word("policy", selection_words));
    if (policy != read.policy) read = {.policy = policy};
    read_policy(section, read);
    section.finish();
    mistakes.finish();
    selection = read;
}

void settle_candidates(Selection& selection, const std::string& path, std::uint32_t cohort, std::uint32_t nodes)
{
    if (selection.policy != SelectionKind::power_of_choice) return;
    if (!selection.candidates)
        selection.candidates = static_cast<std::uint32_t>(std::min<std::uint64_t>(2 * std::uint64_t{cohort}, nodes));
    if (*selection.candidates < cohort || *selection.candidates > nodes)
        refuse(path + ".candidates", *selection.candidates,
               "a whole number from the cohort's " + std::to_string(cohort) + " to the " + std::to_string(nodes) +
                   " nodes");
}

ordered_json to_json(const Selection& selection)
{
    ordered_json json{{"policy", word_of(selection.policy, selection_words)}};
    const auto write_cap = [&] {
        json["max_grams"] = selection.max_grams;
        json["beyond_cap"] = word_of(selection.beyond_cap, beyond_cap_words);
    };
    switch (selection.policy) {
        case SelectionKind::uniform:
        case SelectionKind::by_samples:
        case SelectionKind::lowest_intensity:
            break;
        case SelectionKind::power_of_choice:
            if (selection.candidates) json["candidates"] = *selection.candidates;
            json["loss"] = word_of(selection.loss, candidate_loss_words);
            break;
        case SelectionKind::oort:
            for (const auto& number : oort_numbers) json[number.key] = selection.oort.*number.value;
            json["pacer_step"] = selection.oort.pacer_step;
            break;
        case SelectionKind::alpha_fair:
            write_cap();
            json["alpha"] = selection.alpha;
            json["window_hours"] = selection.window_hours;
            json["final_rounds"] = selection.final_rounds;
            break;
        case SelectionKind::wait_for_cleaner:
            json["slack_hours"] = selection.slack_hours;
            break;
        case SelectionKind::grams_cap:
            write_cap();
            break;
    }
    if (selection.max_participations) json["max_participations"] = *selection.max_participations;
    return json;
}

}  // namespace fedgram::spec
