#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "common/report/drawing/across_axis.hpp"
#include "common/report/drawing/contents.hpp"
#include "common/report/drawing/legend.hpp"
#include "common/report/drawing/row_names.hpp"
#include "common/report/drawing/scale.hpp"
#include "common/report/drawing/text_width.hpp"

namespace fedgram::report {

namespace {

constexpr double bar_height = 4;
constexpr double between_bars = 1.2;

double sum(const Stack& stack) { return std::accumulate(stack.values.begin(), stack.values.end(), 0.); }

/// "k" and 1000, so that the largest number has few digits.
struct Prefix {
    const char* letter;
    double factor;
};

Prefix prefix_for(double largest)
{
    static constexpr std::array<Prefix, 7> prefixes{
        {{"T", 1e12}, {"G", 1e9}, {"M", 1e6}, {"k", 1e3}, {"", 1}, {"m", 1e-3}, {"\u00b5", 1e-6}}};
    const auto* const found =
        std::ranges::find_if(prefixes, [&](const auto& prefix) { return largest >= prefix.factor; });
    return found == prefixes.end() ? Prefix{"", 1} : *found;
}

bool is_drawn(const Stacks& content, std::size_t part)
{
    return std::ranges::any_of(content.stacks, [&](const auto& stack) { return stack.values[part] > 0; });
}

}  // namespace

double draw(SvgCanvas& canvas, const Figure& figure, const Stacks& content, double width)
{
    std::vector<std::string> bar_names;
    double largest = 0;
    for (const auto& stack : content.stacks) {
        bar_names.push_back(figure.name(stack.source));
        largest = std::max(largest, sum(stack));
    }
    const auto [letter, factor] = prefix_for(largest);
    auto axis = content.axis;
    axis.unit = letter + axis.unit;

    const RowNames names{bar_names, width};
    PlotArea area{names.width(), width - right_margin, 1, 1};
    std::vector<double> middles;
    for (std::size_t i = 0; i < content.stacks.size(); ++i) {
        const double height = std::max(bar_height, names.height(i)) + between_bars;
        middles.push_back(area.bottom + height / 2);
        area.bottom += height;
    }
    const Scale scale{axis.scale, {0, largest / factor}, area.left, area.right - padding};
    const double below = draw_across_axis(canvas, scale, axis.label(), area);
    canvas.line({area.left, area.top}, {area.left, area.bottom}, ink, 0.2);
    for (std::size_t i = 0; i < content.stacks.size(); ++i) {
        names.draw(canvas, i, middles[i]);
        double spent = 0;
        for (std::size_t part = 0; part < content.parts.size(); ++part) {
            const double value = content.stacks[i].values[part];
            const double left = scale.at(spent / factor);
            spent += value;
            if (value > 0)
                canvas.bar({left, middles[i] - bar_height / 2, scale.at(spent / factor) - left, bar_height},
                           pattern(part));
        }
        if (spent == 0) canvas.text({area.left + 1, middles[i]}, "0");
    }

    std::vector<LegendEntry> entries;
    for (std::size_t part = 0; part < content.parts.size(); ++part)
        if (is_drawn(content, part))
            entries.push_back({content.parts[part], [part](SvgCanvas& on, Place left) {
                                   on.bar({left.x, left.y - 1.2, sample_width, 2.4}, pattern(part));
                               }});
    return draw_legend(canvas, entries, {}, below, width) + 1;
}

}  // namespace fedgram::report
