#pragma once

#include <string>
#include <vector>

#include "common/report/figure/figure.hpp"

namespace fedgram::report {

struct Tick {
    double value{};
    std::string text{};   ///< empty of one without a label
    std::string power{};  ///< behind the text and raised: of 10 to the power of -6

    [[nodiscard]] double width() const;
};

/// Where the numbers of an axis lie, in millimetres, and its ticks: steps of 1, 2 or 5, and labels that keep apart.
/// A logarithmic axis has no place for 0. So what isn't above 0 lies on a lane of its own, ahead of the axis.
class Scale {
public:
    /// From `begin` to `end`, which may be below `begin`, as it is upwards. All of `values` are on it.
    Scale(Axis::Scale kind, const std::vector<double>& values, double begin, double end);

    [[nodiscard]] double at(double value) const;
    [[nodiscard]] bool has_lane() const { return has_lane_; }
    /// Where lane and axis part.
    [[nodiscard]] double gap() const;
    [[nodiscard]] const std::vector<Tick>& ticks() const { return ticks_; }

private:
    void lay_linear(const std::vector<double>& values);
    void lay_logarithmic(const std::vector<double>& values);
    [[nodiscard]] bool keeps_apart(const std::vector<Tick>& ticks) const;

    Axis::Scale kind_;
    double lane_;
    double begin_;
    double end_;
    bool has_lane_ = false;
    double low_ = 0;  ///< the axis' ends; of a logarithmic one their logarithms
    double high_ = 1;
    std::vector<Tick> ticks_;
};

}  // namespace fedgram::report
