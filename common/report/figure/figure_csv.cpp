#include "common/report/figure/figure_csv.hpp"

#include <initializer_list>

#include "common/text/csv_field.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

std::string row(const Source& source, std::initializer_list<std::string> more)
{
    auto text = text::csv_field(source.run) + "," + text::csv_field(source.name) + "," + source.missed;
    for (const auto& field : more) text += "," + text::csv_field(field);
    return text + "\n";
}

std::string csv(const AccuracyCurves& content)
{
    const bool is_by_round = content.spent.key == "round";
    auto text = std::string{csv_heading} + "round," + (is_by_round ? "" : content.spent.key + ",") + "test_accuracy\n";
    for (const auto& [source, points] : content.curves)
        for (const auto& [round, spent, accuracy] : points)
            text += is_by_round ? row(source, {std::to_string(round), text::shortest(accuracy)})
                                : row(source, {std::to_string(round), text::shortest(spent), text::shortest(accuracy)});
    return text;
}

std::string csv(const Dots& content)
{
    const auto& key = content.axis.key;
    auto text = std::string{csv_heading} + content.group_key + "," + key + ",low_" + key + ",high_" + key + "\n";
    for (const auto& [source, values] : content.series)
        for (std::size_t i = 0; i < values.size(); ++i)
            text += values[i] ? row(source, {content.groups[i], text::shortest(values[i]->value),
                                             text::shortest(values[i]->band.low), text::shortest(values[i]->band.high)})
                              : row(source, {content.groups[i], "", "", ""});
    return text;
}

std::string csv(const Stacks& content)
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
    return std::visit([](const auto& content) { return csv(content); }, figure.content);
}

}  // namespace fedgram::report
