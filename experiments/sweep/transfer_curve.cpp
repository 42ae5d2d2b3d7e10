#include "experiments/sweep/transfer_curve.hpp"

#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::experiments {

namespace {

using Points = std::vector<const TransferPoint*>;

/// The points of each parametrization and width.
std::vector<Points> curves_of(std::span<const TransferPoint> points)
{
    const auto key = [](const TransferPoint& point) { return std::tie(point.parametrization, point.width); };
    std::vector<Points> curves;
    for (const auto& point : points) {
        const auto known =
            std::ranges::find_if(curves, [&](const Points& curve) { return key(*curve.front()) == key(point); });
        (known == curves.end() ? curves.emplace_back() : *known).push_back(&point);
    }
    for (auto& curve : curves) std::ranges::sort(curve, {}, &TransferPoint::learning_rate);
    return curves;
}

const TransferPoint& best_of(const Points& curve)
{
    return **std::ranges::max_element(curve, {}, &TransferPoint::accuracy);
}

const Points& widest_of(const std::vector<Points>& curves, const std::string& parametrization)
{
    const auto width = [&](const Points& curve) {
        return curve.front()->parametrization == parametrization ? curve.front()->width : 0;
    };
    return *std::ranges::max_element(curves, {}, width);
}

text::TextTable accuracies(const std::vector<Points>& curves)
{
    std::vector<std::string> heading{"parametrization", "width"};
    for (const auto* point : curves.front()) heading.push_back(text::shortest(point->learning_rate));
    heading.emplace_back("best rate");
    text::TextTable table{heading};
    for (const auto& curve : curves) {
        std::vector<std::string> row{curve.front()->parametrization, text::shortest(curve.front()->width)};
        for (const auto* point : curve) row.push_back(text::percent(point->accuracy));
        row.push_back(text::shortest(best_of(curve).learning_rate));
        table.add(row);
    }
    return table;
}

text::TextTable ways_table(const std::vector<TuningWay>& ways)
{
    text::TextTable table{{"parametrization", "tuned at width", "rate", "accuracy of the widest", "J in all"}};
    for (const auto& way : ways)
        table.add({way.parametrization, text::shortest(way.tuned_at), text::shortest(way.learning_rate),
                   text::percent(way.accuracy), text::significant(way.joules)});
    return table;
}

}  // namespace

std::vector<TuningWay> tuning_ways(std::span<const TransferPoint> points)
{
    const auto curves = curves_of(points);
    std::vector<TuningWay> ways;
    for (const auto& curve : curves) {
        const auto& best = best_of(curve);
        const auto& widest = widest_of(curves, best.parametrization);
        const auto& trained = **std::ranges::find(widest, best.learning_rate, &TransferPoint::learning_rate);
        double joules = 0;
        for (const auto* trial : curve) joules += trial->joules;
        if (&curve != &widest) joules += trained.joules;
        ways.push_back({best.parametrization, best.width, best.learning_rate, trained.accuracy, joules});
    }
    return ways;
}

std::string transfer_text(std::span<const TransferPoint> points)
{
    return "Validation accuracy by width and learning rate, in the mean over the seeds:\n\n" +
           accuracies(curves_of(points)).text() +
           "\nThe widest model with the rate that is best at each width, and what finding and using it took:\n\n" +
           ways_table(tuning_ways(points)).text();
}

nlohmann::ordered_json transfer_json(std::span<const TransferPoint> points)
{
    auto trained = nlohmann::ordered_json::array();
    for (const auto& point : points)
        trained.push_back({{"parametrization", point.parametrization},
                           {"width", point.width},
                           {"learning_rate", point.learning_rate},
                           {"validation_accuracy", point.accuracy},
                           {"joules", point.joules}});
    auto ways = nlohmann::ordered_json::array();
    for (const auto& way : tuning_ways(points))
        ways.push_back({{"parametrization", way.parametrization},
                        {"tuned_at_width", way.tuned_at},
                        {"learning_rate", way.learning_rate},
                        {"validation_accuracy", way.accuracy},
                        {"joules", way.joules}});
    return {{"points", std::move(trained)}, {"ways", std::move(ways)}};
}

}  // namespace fedgram::experiments
