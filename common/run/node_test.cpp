#include "common/run/node_test.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>

#include <nlohmann/json.hpp>

#include "common/spec/strict_object.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::run {

namespace {

double mean_of(std::span<const double> values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<std::uint32_t> counts(spec::StrictObject& object, std::string_view key)
{
    std::vector<std::uint32_t> counts;
    for (const auto& value : object.array(key)) {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max())
            object.refuse(key, "a list of counts");
        counts.push_back(value.get<std::uint32_t>());
    }
    return counts;
}

}  // namespace

std::vector<double> NodeTest::accuracies() const
{
    std::vector<double> accuracies;
    for (std::size_t node = 0; node < samples.size(); ++node)
        if (samples[node] > 0) accuracies.push_back(static_cast<double>(correct[node]) / samples[node]);
    std::ranges::sort(accuracies);
    return accuracies;
}

double NodeTest::mean() const { return mean_of(accuracies()); }

double NodeTest::worst_tenth() const
{
    const auto all = accuracies();
    return mean_of(std::span{all}.first((all.size() + 9) / 10));
}

std::string NodeTest::text() const
{
    return "mean " + text::percent(mean()) + ", worst tenth " + text::percent(worst_tenth()) + ", of " +
           std::to_string(accuracies().size()) + " nodes";
}

nlohmann::ordered_json to_json(const NodeTest& test)
{
    return {{"mean_accuracy", test.mean()},
            {"worst_tenth_accuracy", test.worst_tenth()},
            {"samples", test.samples},
            {"correct", test.correct}};
}

NodeTest parse_node_test(const nlohmann::ordered_json& json, const std::string& path)
{
    spec::StrictObject object{json, path};
    static_cast<void>(object.find("mean_accuracy"));  // both follow from the counts
    static_cast<void>(object.find("worst_tenth_accuracy"));
    NodeTest test{counts(object, "samples"), counts(object, "correct")};
    if (test.samples.size() != test.correct.size()) object.refuse("correct", "as many counts as \"samples\" has");
    for (std::size_t node = 0; node < test.samples.size(); ++node)
        if (test.correct[node] > test.samples[node]) object.refuse("correct", "no more than \"samples\" of each node");
    if (std::ranges::all_of(test.samples, [](auto samples) { return samples == 0; }))
        object.refuse("samples", "a list with a node that has a test set");
    object.finish();
    return test;
}

}  // namespace fedgram::run
