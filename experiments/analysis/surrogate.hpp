#pragma once

#include <optional>
#include <span>
#include <vector>

#include "experiments/analysis/journal_entry.hpp"

namespace fedgram::experiments::analysis {

/// What a load does to a server.
struct Flow {
    double batch = 1;       ///< requests of most batches
    double used = 1;        ///< instances
    double throughput = 1;  ///< answers a second
    double latency = 1;     ///< seconds, of the latest
};

/// A server in a few figures, in seconds. A batch of k takes max(f + d, u d / m) with d = max(w, c k): f is what
/// instances do side by side, d the device's own work, of which it does m at once, and u the instances in use.
struct ServerFigures {
    double floor = 0;
    double weights = 0;
    double each = 1;
    double units = 1;

    [[nodiscard]] double batch_seconds(double batch, double used) const;

    /// Of a closed loop without a queue delay. An instance that is free takes all that waits, up to the largest batch
    /// b. So n clients are computed one by one while there is an instance for each; as long as they are fewer than u b
    /// they gather in as few batches as can be, which wait for half a request of those that are computed alone; further
    /// on u full batches and what remains take turns, until there is always a full batch more. An open loop isn't
    /// modelled: there it is the largest batch of all instances, at the rate.
    [[nodiscard]] Flow flow(const Probe& probe) const;
};

/// It ran, and answered.
[[nodiscard]] bool ran(const JournalEntry& entry);

/// What measurements of one device, variant and queue delay let expect of others. The figures of a server are fitted to
/// their throughput; what it is off at the nearest of them it is taken to be off beside them, and p99 likewise. Memory
/// is i (w + a b), joules, grams and dollars are a / throughput + e, core-seconds a / batch + e. What the network takes
/// is the same of all answers. Of what was measured it says what was.
///
/// All is done by the four rules, so that a search doesn't depend on the processor.
class Surrogate {
public:
    /// At least one of them ran.
    explicit Surrogate(std::span<const JournalEntry> entries);

    /// A failure where as many instances or fewer with such batches or smaller ones failed; not stable where such a
    /// load or less wasn't, and without p99 where it had none.
    [[nodiscard]] Measurement expected(const Probe& probe) const;

private:
    struct Known {
        JournalEntry entry;
        Flow flow{};
    };
    /// y = slope x + offset, by least squares of relative errors; neither is negative.
    struct Line {
        double slope = 0;
        double offset = 0;

        [[nodiscard]] double at(double x) const { return slope * x + offset; }
    };

    void fit();
    void try_figures(const ServerFigures& figures, double& least);
    template <class X, class Y>
    [[nodiscard]] Line line(X x, Y y) const;
    /// What is modelled of `flow` times what measured ones are over what is modelled of them, the nearer the weightier.
    template <class Measured, class Modelled>
    [[nodiscard]] std::optional<double> as_nearby(const Known& place, Measured measured, Modelled modelled) const;

    std::vector<Known> known_;
    std::vector<JournalEntry> failed_;
    ServerFigures figures_;
    Line memory_;
    Line joules_;
    Line grams_;
    Line usd_;
    Line core_seconds_;
};

}  // namespace fedgram::experiments::analysis
