#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/report/seeds/statistics.hpp"
#include "common/text/banded_number.hpp"

// What figures show, as plain numbers: how it looks is a matter of common/report/drawing.
namespace fedgram::report {

struct Axis {
    enum class Scale { linear, logarithmic };

    std::string name;
    std::string unit;
    std::string key;  ///< the name of its numbers in CSV
    Scale scale = Scale::logarithmic;

    [[nodiscard]] std::string label() const { return name + " (" + unit + ")"; }
};

/// Whose numbers they are: a column of a run's table, or a training.
struct Source {
    std::string run;  ///< or what several that differ in the seed alone are called
    std::string name;
    std::string missed{};  ///< "not reached", "diverged", "missed in 1 of 3"; empty where no target was missed

    friend bool operator==(const Source&, const Source&) = default;
};

struct CurvePoint {
    std::uint32_t round{};
    double spent{};     ///< up to the end of that round, in the unit of the axis
    double accuracy{};  ///< on the test set, a fraction of 1
    /// Of the accuracy, where both are the mean of the seeds that were evaluated in that round.
    std::optional<Statistics> over_seeds{};
};

struct Curve {
    Source source;
    std::vector<CurvePoint> points;  ///< one for each evaluation
};

/// Test accuracy over what was spent to get there.
struct AccuracyCurves {
    Axis spent;
    std::vector<Curve> curves;
    std::vector<double> targets;  ///< each once
};

struct BandedValue {
    double value{};
    text::Band band{};
    /// Where it is the mean of the seeds that have a result; so are the ends of the band.
    std::optional<Statistics> over_seeds{};
};

/// One value for each group; nothing where there is no result.
struct DotSeries {
    Source source;
    std::vector<std::optional<BandedValue>> values;
};

/// Values with bands, group by group. Dots, not bars: on a logarithmic axis a bar's length means nothing.
struct Dots {
    Axis axis;
    std::string group_key;  ///< the name of the groups in CSV
    std::vector<std::string> groups;
    std::vector<DotSeries> series;
};

struct Stack {
    Source source;
    std::vector<double> values;  ///< one for each part
};

/// Bars that are sums of parts.
struct Stacks {
    Axis axis;
    std::vector<std::string> parts;
    std::vector<Stack> stacks;
};

struct Figure {
    std::string title;
    std::variant<AccuracyCurves, Dots, Stacks> content;
    bool several_runs = false;  ///< a source's run then tells it apart
    bool over_seeds = false;    ///< where seeds differ alone, it shows their means

    /// "federated-iid, jetson-tx2: not reached", ahead of it "mine: " where there are several runs.
    [[nodiscard]] std::string name(const Source& source) const
    {
        return (several_runs ? source.run + ": " : "") + source.name +
               (source.missed.empty() ? "" : ": " + source.missed);
    }
};

}  // namespace fedgram::report
