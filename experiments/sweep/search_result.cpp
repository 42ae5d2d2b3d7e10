#include "experiments/sweep/search_result.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/run/damaged_file.hpp"
#include "common/run/format_version.hpp"
#include "common/run/json_file.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

constexpr std::uint32_t newest_format = 1;

Json point_json(const CoursePoint& point)
{
    return {{"rounds", point.rounds}, {"validation_accuracy", point.accuracy}, {"gco2e", point.gco2e}};
}

CoursePoint parse_point(StrictObject object)
{
    CoursePoint point{object.whole_32("rounds"), object.number("validation_accuracy", spec::fraction),
                      object.number("gco2e", spec::not_negative)};
    object.finish();
    return point;
}

Json trial_json(const TrialResult& trial)
{
    return {{"trial", trial.trial},
            {"values", trial.values},
            {"rounds", trial.rounds},
            {"trained_rounds", trial.trained_rounds},
            {"ended", trial.ended},
            {"best_validation_accuracy", trial.best_accuracy ? Json(*trial.best_accuracy) : Json(nullptr)},
            {"joules", trial.joules},
            {"gco2e", trial.gco2e},
            {"virtual_seconds", trial.virtual_seconds},
            {"host_core_seconds", trial.core_seconds},
            {"answer", trial.answer ? point_json(*trial.answer) : Json(nullptr)},
            {"failure", trial.failure.empty() ? Json(nullptr) : Json(trial.failure)}};
}

std::vector<std::string> parse_texts(StrictObject& object, const char* key)
{
    std::vector<std::string> texts;
    for (const auto& value : object.list(key)) {
        if (!value.is_string()) object.refuse(key, "a list of texts");
        texts.push_back(value.get<std::string>());
    }
    return texts;
}

TrialResult parse_trial(StrictObject object)
{
    TrialResult trial;
    trial.trial = object.whole("trial");
    trial.values = parse_texts(object, "values");
    trial.rounds = object.whole_32("rounds");
    trial.trained_rounds = object.whole("trained_rounds");
    trial.ended = object.boolean("ended");
    if (!object.value("best_validation_accuracy").is_null())
        trial.best_accuracy = object.number("best_validation_accuracy", spec::fraction);
    trial.joules = object.number("joules", spec::not_negative);
    trial.gco2e = object.number("gco2e", spec::not_negative);
    trial.virtual_seconds = object.number("virtual_seconds", spec::not_negative);
    trial.core_seconds = object.number("host_core_seconds", spec::not_negative);
    if (!object.value("answer").is_null()) trial.answer = parse_point(object.object("answer"));
    if (!object.value("failure").is_null()) trial.failure = object.text("failure");
    object.finish();
    return trial;
}

MeasuredTrial parse_winner(StrictObject object)
{
    MeasuredTrial winner{object.whole("trial"), parse_point(object.object("answer")), {}};
    for (const auto& accuracy : object.list("test_accuracies")) {
        if (!accuracy.is_number()) object.refuse("test_accuracies", "a list of numbers");
        winner.test_accuracies.push_back(accuracy.get<double>());
    }
    object.finish();
    return winner;
}

SearchResult parse(const Json& json, const std::string& path)
{
    StrictObject object{json, path};
    run::check_format(object, "format", newest_format);
    SearchResult result;
    result.training = object.text("training");
    result.country = object.text("country");
    result.planned = object.whole("planned_trials");
    result.budget_spent = object.boolean("budget_spent");
    result.stopped = object.boolean("stopped");
    if (!object.value("virtual_seconds").is_null())
        result.virtual_seconds = object.number("virtual_seconds", spec::not_negative);
    const auto& trials = object.list("trials");
    for (std::size_t i = 0; i < trials.size(); ++i) result.trials.push_back(parse_trial(object.item("trials", i)));
    const auto& winners = object.list("winners");
    for (std::size_t i = 0; i < winners.size(); ++i) result.winners.push_back(parse_winner(object.item("winners", i)));
    return result;
}

}  // namespace

SearchPrice SearchResult::price() const
{
    SearchPrice sum;
    for (const auto& trial : trials) {
        sum.trained_rounds += trial.trained_rounds;
        sum.joules += trial.joules;
        sum.gco2e += trial.gco2e;
        sum.virtual_seconds += trial.virtual_seconds;
        sum.core_seconds += trial.core_seconds;
    }
    return sum;
}

std::vector<std::size_t> winners_of(const Objective& objective, const std::vector<TrialResult>& trials)
{
    std::vector<std::size_t> places;
    std::vector<CoursePoint> answers;
    for (std::size_t i = 0; i < trials.size(); ++i)
        if (trials[i].answer && trials[i].failure.empty()) {
            places.push_back(i);
            answers.push_back(*trials[i].answer);
        }
    std::vector<std::size_t> winners;
    if (objective.kind == Objective::Kind::pareto) {
        const auto front = pareto_front(answers);
        for (std::size_t i = 0; i < places.size(); ++i)
            if (front[i]) winners.push_back(places[i]);
        std::ranges::stable_sort(winners, {}, [&](std::size_t place) { return trials[place].answer->gco2e; });
    } else if (!places.empty()) {
        const auto better = [&](std::size_t one, std::size_t other) {
            const auto& a = *trials[one].answer;
            const auto& b = *trials[other].answer;
            return objective.kind == Objective::Kind::greenest
                       ? std::pair{a.gco2e, -a.accuracy} < std::pair{b.gco2e, -b.accuracy}
                       : std::pair{-a.accuracy, a.gco2e} < std::pair{-b.accuracy, b.gco2e};
        };
        winners.push_back(*std::ranges::min_element(places, better));
    }
    return winners;
}

Json to_json(const SearchResult& result, const SweepPlan& plan)
{
    auto trials = Json::array();
    for (const auto& trial : result.trials) trials.push_back(trial_json(trial));
    auto winners = Json::array();
    for (const auto& winner : result.winners)
        winners.push_back({{"trial", winner.trial},
                           {"answer", point_json(winner.answer)},
                           {"test_accuracies", winner.test_accuracies}});
    const auto spent = result.price();
    auto keys = Json::array();
    for (const auto& key : plan.keys) keys.push_back(key.key);
    return {{"format", newest_format},
            {"training", result.training},
            {"country", result.country},
            {"keys", std::move(keys)},
            {"planned_trials", result.planned},
            {"budget_spent", result.budget_spent},
            {"stopped", result.stopped},
            {"virtual_seconds", result.virtual_seconds ? Json(*result.virtual_seconds) : Json(nullptr)},
            {"price",
             {{"trained_rounds", spent.trained_rounds},
              {"joules", spent.joules},
              {"gco2e", spent.gco2e},
              {"virtual_seconds", spent.virtual_seconds},
              {"host_core_seconds", spent.core_seconds}}},
            {"winners", std::move(winners)},
            {"trials", std::move(trials)}};
}

std::optional<SearchResult> find_search_result(const std::filesystem::path& folder)
{
    const auto path = folder / search_file;
    if (!std::filesystem::exists(path)) return std::nullopt;
    const auto json = run::read_json_file(path);
    return run::of_file([&] { return parse(json, path.string()); });
}

}  // namespace fedgram::experiments
