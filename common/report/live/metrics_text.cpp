#include "common/report/live/metrics_text.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>

#include "common/text/prometheus_text.hpp"

namespace fedgram::report {

namespace {

using Metric = text::PrometheusMetric;

class MetricsText {
public:
    explicit MetricsText(const LiveRun& run) : run_{run} {}

    std::string write()
    {
        write_run();
        write_states();
        write_trainings();
        write_faults();
        write_progress();
        return text_.text();
    }

private:
    Metric gauge(const std::string& name, const std::string& help) { return text_.gauge(name, help); }
    Metric counter(const char* name, const char* help) { return text_.counter(name, help); }

    void write_run()
    {
        gauge("fedgram_run_info", "The run; always 1.")
            .add({{"name", run_.facts().name}, {"seed", std::to_string(run_.facts().seed)}}, 1);
        auto state = gauge("fedgram_run_state", "1 for the state that the run is in.");
        for (const char* name : {"starting", "running", "whole", "interrupted", "failed"})
            state.add({{"state", name}}, run_.state_name() == name ? 1 : 0);
        if (const auto& target = run_.facts().target)
            gauge("fedgram_target_accuracy_ratio", "Accuracy at which a training stops.").add({}, *target);
    }

    /// `value` of each training's last point, where there is one.
    void write_last(Metric metric, const std::function<std::optional<double>(const LivePoint&)>& value)
    {
        for (const auto& training : run_.trainings())
            if (!training.points.empty())
                if (const auto known = value(training.points.back()))
                    metric.add({{"training", training.label}, {"kind", run::name(training.kind)}}, *known);
    }

    /// Of the last evaluation.
    void write_evaluated(Metric metric, double run::RoundEvaluation::*figure)
    {
        for (const auto& training : run_.trainings()) {
            const auto last = std::find_if(training.points.rbegin(), training.points.rend(),
                                           [](const LivePoint& point) { return point.evaluation.has_value(); });
            if (last != training.points.rend())
                metric.add({{"training", training.label}, {"kind", run::name(training.kind)}},
                           (*last->evaluation).*figure);
        }
    }

    void write_states()
    {
        auto metric = gauge("fedgram_training_state", "1 for the state that a training is in.");
        for (const auto& training : run_.trainings())
            for (const char* name : {"waiting", "running", "unfinished", "target", "limit", "interrupted", "diverged"})
                metric.add({{"training", training.label}, {"state", name}}, run_.state_of(training) == name ? 1 : 0);
    }

    void write_trainings()
    {
        const auto count = [](const auto& amount) {
            return amount ? std::optional{amount->count()} : std::optional<double>{};
        };
        write_last(counter("fedgram_rounds_total", "Rounds that are done; of a centralized training, evaluations."),
                   [](const LivePoint& point) { return std::optional<double>{point.round}; });
        const std::string on{run::name(run_.facts().evaluated_on)};
        write_evaluated(
            gauge("fedgram_" + on + "_accuracy_ratio", "Accuracy at the last evaluation, on the " + on + " set."),
            &run::RoundEvaluation::test_accuracy);
        write_evaluated(gauge("fedgram_" + on + "_loss", "Mean loss over the " + on + " set at the last evaluation."),
                        &run::RoundEvaluation::test_loss);
        write_last(gauge("fedgram_train_loss", "Mean loss over the last round's training samples."),
                   [](const LivePoint& point) { return std::optional{point.train_loss}; });
        write_last(gauge("fedgram_round_participants", "Nodes whose updates are in the last round's model."),
                   [](const LivePoint& point) { return std::optional<double>{point.participants}; });
        write_last(counter("fedgram_virtual_time_seconds_total", "Time that the training takes on modelled devices."),
                   [](const LivePoint& point) { return std::optional{point.virtual_time.count()}; });
        write_last(counter("fedgram_device_energy_joules_total",
                           "Modelled energy of the devices, with PUE or waiting as the table counts them."),
                   [&](const LivePoint& point) { return count(point.devices); });
        write_last(counter("fedgram_network_energy_joules_total", "Modelled energy of the network."),
                   [&](const LivePoint& point) { return count(point.network); });
        write_emissions();
    }

    void write_emissions()
    {
        auto metric = counter("fedgram_emissions_grams_total",
                              "Grams of CO2e of devices and network, at the grid of the table's first country.");
        for (const auto& training : run_.trainings())
            if (!training.points.empty() && training.points.back().emissions)
                metric.add({{"training", training.label},
                            {"kind", run::name(training.kind)},
                            {"country", run_.facts().country}},
                           training.points.back().emissions->count());
    }

    void write_faults()
    {
        auto refused = counter("fedgram_refused_updates_total", "Updates that could not enter the model.");
        for (const auto& training : run_.trainings())
            for (const auto& [reason, times] : training.refused_updates())
                refused.add({{"training", training.label}, {"reason", reason}}, static_cast<double>(times));
        counter("fedgram_lost_clients_total", "Client processes that were lost.")
            .add({}, static_cast<double>(run_.lost_clients()));
        counter("fedgram_events_total", "Lines of events.jsonl.").add({}, static_cast<double>(run_.event_count()));
    }

    void write_progress()
    {
        const auto progress = run_.progress();
        if (!progress) return;
        const std::string_view training = progress->training;
        gauge("fedgram_round_done_ratio", "How much of the round under way is done.")
            .add({{"training", training}}, progress->of_round);
        if (progress->rounds_per_second)
            gauge("fedgram_rounds_per_second", "Rounds in a second of this host's time.")
                .add({{"training", training}}, *progress->rounds_per_second);
        if (const auto left = progress->most_seconds_left())
            gauge("fedgram_time_left_seconds", "This host's time until the training's last round, at most.")
                .add({{"training", training}}, *left);
        if (!progress->nodes) return;
        auto nodes = gauge("fedgram_round_nodes", "Nodes of the round under way, by where they stand.");
        nodes.add({{"training", training}, {"state", "training"}}, progress->nodes->training);
        nodes.add({{"training", training}, {"state", "waiting"}}, progress->nodes->waiting);
        nodes.add({{"training", training}, {"state", "delivered"}}, progress->nodes->delivered);
        nodes.add({{"training", training}, {"state", "lost"}}, progress->nodes->lost);
    }

    const LiveRun& run_;
    text::PrometheusText text_;
};

}  // namespace

std::string metrics_text(const LiveRun& run) { return MetricsText{run}.write(); }

}  // namespace fedgram::report
