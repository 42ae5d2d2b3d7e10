#include "common/report/figure/figure_csv.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "common/text/csv_field.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

using Fields = std::vector<std::string>;

std::string row(const Source& source, const Fields& more)
{
    auto text = text::csv_field(source.run) + "," + text::csv_field(source.name) + "," + source.missed;
    for (const auto& field : more) text += "," + text::csv_field(field);
    return text + "\n";
}

constexpr const char* over_seeds_heading = ",deviation,least,most,seeds";

// What stands beneath that heading. A single seed has no deviation.
void add_over_seeds(Fields& fields, const std::optional<Statistics>& over)
{
    if (!over) {
        fields.resize(fields.size() + 4);
        return;
    }
    const auto& deviation = over->standard_deviation;
    for (auto text : {deviation ? text::shortest(*deviation) : std::string{}, text::shortest(over->least),
                      text::shortest(over->most), std::to_string(over->count)})
        fields.push_back(std::move(text));
}

std::string csv(const AccuracyCurves& content, bool over_seeds)
{
    const bool is_by_round = content.spent.key == "round";
    auto text = std::string{csv_heading} + "round," + (is_by_round ? "" : content.spent.key + ",") + "test_accuracy" +
                (over_seeds ? over_seeds_heading : "") + "\n";
    for (const auto& [source, points] : content.curves)
        for (const auto& point : points) {
            Fields fields{std::to_string(point.round)};
            if (!is_by_round) fields.push_back(text::shortest(point.spent));
            fields.push_back(text::shortest(point.accuracy));
            if (over_seeds) add_over_seeds(fields, point.over_seeds);
            text += row(source, fields);
        }
    return text;
}

std::string csv(const Dots& content, bool over_seeds)
{
    const auto& key = content.axis.key;
    auto text = std::string{csv_heading} + content.group_key + "," + key + ",low_" + key + ",high_" + key +
                (over_seeds ? over_seeds_heading : "") + "\n";
    for (const auto& [source, values] : content.series)
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto& value = values[i];
            Fields fields{content.groups[i], "", "", ""};
            if (value)
                fields = {content.groups[i], text::shortest(value->value), text::shortest(value->band.low),
                          text::shortest(value->band.high)};
            if (over_seeds) add_over_seeds(fields, value ? value->over_seeds : std::nullopt);
            text += row(source, fields);
        }
    return text;
}

// Of a mean over seeds there is the mean alone.
std::string csv(const Stacks& content, bool)
{
    auto text = std::string{csv_heading} + "part," + content.axis.key + "\n";
    for (const auto& [source, values] : content.stacks)
        for (std::size_t i = 0; i < values.size(); ++i)
            text += row(source, {content.parts[i], text::shortest(values[i])});
    return text;
}

}  // namespace

std::string figure_csv(const Figure& figure)
{
    return std::visit([&](const auto& content) { return csv(content, figure.over_seeds); }, figure.content);
}

}  // namespace fedgram::report
