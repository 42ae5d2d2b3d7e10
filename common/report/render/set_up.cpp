#include "common/report/render/set_up.hpp"

#include <nlohmann/json.hpp>

#include "common/run/set_up_notes.hpp"
#include "common/text/joined.hpp"

namespace fedgram::report {

std::vector<std::string> set_up_notes(const Table& table)
{
    std::vector<std::string> notes;
    for (const auto& training : table.trainings)
        if (training.outcome.is_in_bf16) notes.push_back(run::precision_note(training.outcome.label));
    // A run's trainings all begin with the same.
    if (!table.trainings.empty() && !table.trainings.front().outcome.start.empty())
        notes.push_back(run::start_note(table.trainings.front().outcome.start));
    for (const auto& training : table.trainings)
        if (const auto& frozen = training.outcome.frozen)
            notes.push_back(training.outcome.label + ": " + run::what_stays(*frozen));
    return notes;
}

std::string set_up_words(const run::TrainingOutcome& outcome)
{
    std::vector<std::string> words;
    if (!outcome.start.empty())
        words.push_back("begins with the model in " + outcome.start + ", whose own training isn't counted");
    if (outcome.frozen) words.push_back(run::what_stays(*outcome.frozen));
    if (outcome.is_in_bf16) words.emplace_back("products in bfloat16, priced at float32 rates");
    return text::joined(words, "; ");
}

nlohmann::ordered_json set_up_json(const run::TrainingOutcome& outcome)
{
    auto json = nlohmann::ordered_json::object();
    if (!outcome.start.empty()) json["start"] = outcome.start;
    if (outcome.frozen) json["frozen"] = run::to_json(*outcome.frozen);
    if (outcome.is_in_bf16) json["precision"] = "bf16";
    return json;
}

}  // namespace fedgram::report
