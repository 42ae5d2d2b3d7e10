#include "common/report/drawing/scale.hpp"

#include <algorithm>
#include <cmath>

#include "common/report/drawing/text_width.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

constexpr double lane_width = 6;
constexpr double between_labels = 2;
constexpr double power_size = 0.7;  ///< of the font

constexpr int steps[] = {1, 2, 5};

// 1, 2 or 5 times a power of ten, counted: 0 is 1, 1 is 2, 2 is 5, 3 is 10, -1 is 0.5.
double step(int index)
{
    const int decade = index >= 0 ? index / 3 : -((2 - index) / 3);
    const double mantissa = steps[index - 3 * decade];
    return decade >= 0 ? mantissa * std::pow(10., decade) : mantissa / std::pow(10., -decade);
}

// The largest step that isn't above a positive value.
int step_below(double value)
{
    int index = 3 * static_cast<int>(std::floor(std::log10(value))) - 1;
    while (step(index + 1) <= value) ++index;
    return index;
}

int step_above(double value)
{
    const int below = step_below(value);
    return step(below) == value ? below : below + 1;
}

// All ticks of an axis alike.
enum class Notation { plain, powers };

Tick logarithmic_tick(int index, Notation notation)
{
    const double value = step(index);
    if (notation == Notation::plain) return {value, text::significant(value, 1)};
    const int decade = static_cast<int>(std::floor(std::log10(value * 1.01)));
    const int mantissa = static_cast<int>(std::lround(value / std::pow(10., decade)));
    return {value, mantissa == 1 ? "10" : std::to_string(mantissa) + "\u00d710", std::to_string(decade)};
}

}  // namespace

double Tick::width() const { return text_width(text) + power_size * text_width(power); }

Scale::Scale(Axis::Scale kind, const std::vector<double>& values, double begin, double end)
    : kind_{kind}, lane_{begin}, begin_{begin}, end_{end}
{
    if (kind == Axis::Scale::linear)
        lay_linear(values);
    else
        lay_logarithmic(values);
}

double Scale::at(double value) const
{
    if (kind_ == Axis::Scale::logarithmic && value <= 0) return lane_;
    const double shown = kind_ == Axis::Scale::logarithmic ? std::log10(value) : value;
    return begin_ + (shown - low_) / (high_ - low_) * (end_ - begin_);
}

double Scale::gap() const { return (lane_ + begin_) / 2; }

// Across, labels stand beside each other, upwards above each other.
bool Scale::keeps_apart(const std::vector<Tick>& ticks) const
{
    const bool is_across = end_ > begin_;
    const Tick* before = nullptr;
    for (const auto& tick : ticks) {
        if (tick.text.empty()) continue;
        const double needed =
            before == nullptr ? 0
                              : (is_across ? (before->width() + tick.width()) / 2 + between_labels : line_height * 1.5);
        if (before != nullptr && std::abs(at(tick.value) - at(before->value)) < needed) return false;
        before = &tick;
    }
    return true;
}

void Scale::lay_linear(const std::vector<double>& values)
{
    const auto [least, most] = std::ranges::minmax(values);
    const double range = most > least ? most - least : std::max(std::abs(most) / 20, 1.);
    const bool is_whole = std::ranges::all_of(values, [](double value) { return value == std::round(value); });
    for (int index = step_below(range / 20);; ++index) {
        const double width = step(index);
        if (is_whole && width < 1) continue;
        auto first = std::llround(std::floor(least / width * (1 + 1e-12)));
        const auto last = std::max(std::llround(std::ceil(most / width * (1 - 1e-12))), first + 1);
        low_ = static_cast<double>(first) * width;
        high_ = static_cast<double>(last) * width;
        const int digits = std::max(0, -static_cast<int>(std::floor(std::log10(width * 1.01))));
        ticks_.clear();
        for (; first <= last; ++first) {
            const double value = static_cast<double>(first) * width;
            ticks_.push_back({value, text::fixed(value, digits)});
        }
        if (ticks_.size() <= 9 && keeps_apart(ticks_)) return;
    }
}

void Scale::lay_logarithmic(const std::vector<double>& values)
{
    std::vector<double> positive;
    for (const double value : values) (value > 0 ? positive.push_back(value) : void(has_lane_ = true));
    if (positive.empty()) positive.push_back(1);  // an axis without a number still has its shape
    const auto [least, most] = std::ranges::minmax(positive);
    const int first = step_below(least);
    const int last = std::max(step_above(most), first + 1);
    low_ = std::log10(step(first));
    high_ = std::log10(step(last));
    if (has_lane_) begin_ += lane_width;
    const auto notation = step(first) < 0.9e-4 || step(last) > 1.1e5 ? Notation::powers : Notation::plain;

    // Labels at each step; else at each power of ten; else at every second, third, ... one.
    for (int apart = 1;; apart = apart == 1 ? 3 : apart + 3) {
        ticks_.clear();
        if (has_lane_) ticks_.push_back({0, "0"});
        for (int index = first; index <= last; ++index) {
            auto tick = logarithmic_tick(index, notation);
            if (index % apart != 0) tick.text = tick.power = "";
            ticks_.push_back(std::move(tick));
        }
        if (keeps_apart(ticks_)) return;
    }
}

}  // namespace fedgram::report
