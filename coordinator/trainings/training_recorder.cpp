#include "coordinator/trainings/training_recorder.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "common/energy/meters/host.hpp"
#include "common/files/files.hpp"
#include "common/files/sha256.hpp"
#include "common/learning/model/parameters.hpp"
#include "common/run/ledger_lines.hpp"
#include "common/run/priced_round.hpp"
#include "datasets/partition/federation.hpp"

namespace fedgram::coordinator {

namespace {

void add_to(std::optional<energy::MeterRecord>& sum, const energy::MeterRecord& term)
{
    if (!sum) {
        sum = term;
        sum->process = "nodes";
        return;
    }
    const auto plus = [](std::optional<Joules>& all, const std::optional<Joules>& more) {
        if (all && more) *all += *more;
    };
    plus(sum->joules, term.joules);
    plus(sum->low, term.low);
    plus(sum->high, term.high);
}

run::TrainingKind kind_of(const spec::Training& training)
{
    return std::holds_alternative<spec::Federated>(training.kind) ? run::TrainingKind::federated
                                                                  : run::TrainingKind::centralized;
}

// In asynchronous training none does.
bool nodes_wait(const spec::Training& training)
{
    const auto* const rule = std::get_if<spec::Federated>(&training.kind);
    return rule == nullptr || !rule->buffered;
}

// What a centralized training runs on; a federated one runs on modelled devices.
std::vector<std::string> meters_of(const spec::Training& training, Progress& progress)
{
    const auto* const centralized = std::get_if<spec::Centralized>(&training.kind);
    if (centralized == nullptr) return {};
    const auto meters = energy::meters_of(centralized->device);
    if (meters) return *meters;
    progress.say(training.label + " isn't measured: " + meters.reason());
    return {};
}

// What a schedule was, round for round: two trainings that share it asked the same nodes at the same times.
std::string chained(const std::string& before, const DoneRound& round)
{
    std::string text =
        before + fmt::format("{} {} {}", round.number, round.times->waited.count(), round.times->lasted.count());
    for (const auto& node : round.nodes) text += fmt::format(" {}", node.node);
    text += " lost";
    for (const auto& node : round.lost) text += fmt::format(" {}", node.node);
    return files::sha256(std::as_bytes(std::span{text}));
}

std::vector<energy::MeterReading> readings(energy::MeterSampler* sampler)
{
    return sampler == nullptr ? std::vector<energy::MeterReading>{} : sampler->readings();
}

}  // namespace

TrainingRecorder::TrainingRecorder(const RunContext& context, const spec::Training& training, std::uint32_t most_rounds,
                                   const std::optional<run::TrainingPoint>& from)
    : context_{context},
      fleet_{fleet::fleet_of(context.model_runtime.experiment(), training, context.accounting)},
      fleet_pricing_{fleet_ ? std::optional<energy::FleetPricing>{fleet_->devices} : std::nullopt},
      stop_{context.model_runtime.experiment().target_accuracy, context.model_runtime.experiment().stop},
      costs_{context.accounting, kind_of(training),
             datasets::raw_data_bytes(context.model_runtime.raw_data(), context.model_runtime.experiment()),
             fleet_ ? &*fleet_ : nullptr},
      nodes_wait_{nodes_wait(training)},
      most_rounds_{most_rounds},
      rounds_at_start_{from ? from->record.result.rounds : 0},
      cpu_seconds_at_start_{energy::process_cpu_seconds()},
      meters_{energy::start_host_meters(context.metering)},
      measured_{meters_of(training, context.progress),
                from ? from->record.result.measured : std::vector<energy::MeasuredTraining>{}},
      started_{std::chrono::steady_clock::now()}
{
    if (from) {
        static_cast<run::TrainingSummary&>(result_) = from->record.result;
        stop_.go_on(from->record.in_a_row, from->record.reached);
    } else {
        result_.label = training.label;
        result_.kind = kind_of(training);
        if (context.model_runtime.experiment().data.validation_share > 0)
            result_.evaluated_on = run::EvaluationSet::validation;
        if (const auto* const rule = std::get_if<spec::Federated>(&training.kind)) {
            for (auto& words : spec::methods_of(*rule)) result_.methods.push_back({std::move(words), {}, {}});
            result_.model_parameters = context.model_runtime.model().parameters.size;
        }
    }
    if (context.resumed) add_up_folder();
}

void TrainingRecorder::add_up_folder()
{
    result_.wasted = {};
    result_.wasted_lines = 0;
    energy::TrainingWorkBuilder lines;
    run::read_ledger(context_.folder.path("ledger.jsonl"), [&](const run::LedgerLine& line) {
        if (line.training != result_.label) return;
        if (line.wasted)
            add_up_wasted(line);
        else
            lines.add(line, line.lost ? energy::Updates::lost : energy::Updates::used);
    });
    const auto work = lines.finish();
    const auto& accounting = context_.accounting;
    if (fleet_) {
        const auto course =
            energy::FleetTraining{work, fleet_->devices, times_so_far()}.course(fleet_->devices.devices());
        for (std::size_t i = 0; i < course.groups.front().intervals.size(); ++i) {
            std::vector<energy::TrainingEnergy> groups;
            for (const auto& group : course.groups) groups.push_back(group.intervals[i]);
            costs_.add(groups);
        }
    } else if (result_.federated()) {
        for (const auto& round : work.node_rounds()) {
            const auto priced = energy::price(round.nodes, accounting.edge_device, accounting.link);
            costs_.add(energy::round_energy(round.nodes, priced, costs_.places()));
        }
    } else {
        const auto course = energy::centralized_course(work, accounting.datacenter_devices.front());
        for (const auto& interval : course.intervals) costs_.add({&interval, 1});
    }

    result_.host_node_cpu_seconds = 0;
    result_.host_node_estimate.reset();
    for (const auto& line : context_.folder.host_lines())
        if (line.training == result_.label) add_up(line);
}

std::vector<energy::RoundTimes> TrainingRecorder::times_so_far() const
{
    const auto path = context_.folder.path("rounds.jsonl");
    std::vector<energy::RoundTimes> times;
    for (const auto& line : run::parse_rounds(files::try_read_file(path).value_or(""), path.string()))
        if (auto own = run::times_of(line); own && line.training == result_.label) {
            own->nodes_wait = nodes_wait_;
            times.push_back(*own);
        }
    return times;
}

void TrainingRecorder::add_up(const run::HostLine& line)
{
    result_.host_node_cpu_seconds += line.cpu_seconds;
    if (line.estimate) add_to(result_.host_node_estimate, *line.estimate);
}

void TrainingRecorder::add_up_wasted(const run::LedgerLine& line)
{
    result_.wasted += line.joules;
    ++result_.wasted_lines;
}

// A training that an earlier Fedgram began, which didn't count methods, has none.
void TrainingRecorder::add_up(const MethodWork& work)
{
    for (auto& cost : result_.methods)
        if (cost.words.method == work.method) {
            cost.nodes += work.nodes;
            cost.coordinator += work.coordinator;
            cost.messages += work.messages;
        }
}

run::TrainingProgress TrainingRecorder::record() const { return {result_so_far(), stop_.in_a_row(), reached()}; }

run::RunProgress TrainingRecorder::progress(double of_round) const
{
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started_;
    const double done = result_.rounds - rounds_at_start_ + of_round;
    run::RunProgress progress{.time = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                              .training = result_.label,
                              .rounds = result_.rounds,
                              .most_rounds = most_rounds_,
                              .of_round = of_round,
                              .rounds_per_second = {},
                              .nodes = {}};
    if (done > 0 && elapsed.count() > 0) progress.rounds_per_second = done / elapsed.count();
    return progress;
}

void TrainingRecorder::missed(std::uint32_t nodes)
{
    result_.missing_updates += nodes;
    if (nodes > 0) ++result_.incomplete_rounds;
}

void TrainingRecorder::state_lost(std::uint32_t node)
{
    auto& nodes = result_.restarted_nodes;
    const auto place = std::ranges::lower_bound(nodes, node);
    if (place == nodes.end() || *place != node) nodes.insert(place, node);
}

void TrainingRecorder::begin_train_phase() { measured_.begin(readings(meters_.get()), energy::Instant::clock::now()); }

void TrainingRecorder::end_train_phase() { measured_.end(readings(meters_.get()), energy::Instant::clock::now()); }

void TrainingRecorder::wasted(std::span<const run::LedgerLine> lines)
{
    for (const auto& line : lines) add_up_wasted(line);
    context_.folder.append_ledger(lines);
}

void TrainingRecorder::add(std::uint32_t round, std::uint32_t node, ClientId client, HostReport report)
{
    clients_cpu_seconds_ += report.process_cpu_seconds;
    host_lines_.push_back({result_.label, round, node, report.node.cpu_seconds, std::move(report.node.estimate)});
    add_up(host_lines_.back());
    metered(client, std::move(report.meters));
}

void TrainingRecorder::metered(ClientId client, std::vector<energy::MeterRecord> meters)
{
    if (!meters.empty()) client_meters_[client] = std::move(meters);
}

void TrainingRecorder::flush_host_costs()
{
    if (host_lines_.empty()) return;
    context_.folder.append_host(host_lines_);
    host_lines_.clear();
}

/// What the coordinator did itself.
run::LedgerLine TrainingRecorder::own_line(std::uint32_t round, energy::Phase phase, const energy::Work& work) const
{
    return run::phase_line(result_.label, {std::nullopt, round, phase, work},
                           context_.accounting.datacenter_devices.front());
}

bool TrainingRecorder::add_round(const DoneRound& round)
{
    const auto& evaluation = round.evaluation;
    std::vector<run::LedgerLine> own;
    if (round.aggregation) own.push_back(own_line(round.number, energy::Phase::aggregate, *round.aggregation));
    if (evaluation) own.push_back(own_line(round.number, energy::Phase::evaluate, evaluation->work));
    const auto drawn = run::append_priced(
        context_.folder, {result_.label, result_.kind, round.number, round.nodes, round.lost, round.times}, own,
        context_.accounting, costs_.places(), fleet_pricing());
    result_.rounds = round.number;
    const auto virtual_time = drawn.front().virtual_time;
    result_.virtual_seconds += virtual_time;
    for (const auto& work : round.methods) add_up(work);
    result_.buffered_updates += round.buffered_updates;

    run::RoundLine line{
        result_.label, round.number,     std::nullopt, round.train_loss, static_cast<std::uint32_t>(round.nodes.size()),
        virtual_time,  costs_.add(drawn)};
    latest_grams_ = line.costs->emissions.value_or(GramsCO2e{});
    if (round.times) {
        line.waited_seconds = round.times->waited;
        line.lost_updates = round.lost_updates;
        result_.lost_updates += line.lost_updates;
        result_.schedule_sha256 = chained(result_.schedule_sha256, round);
    }
    if (round.privacy) {
        line.epsilon = round.privacy->epsilon;
        result_.privacy = round.privacy;
    }
    if (evaluation) line.evaluation = {evaluation->accuracy, evaluation->mean_loss, result_.evaluated_on};
    context_.folder.append(line);
    if (!evaluation) return reached();
    evaluated(*evaluation);
    context_.progress.evaluated({.label = result_.label,
                                 .round = round.number,
                                 .most_rounds = most_rounds_,
                                 .accuracy = evaluation->accuracy,
                                 .test_loss = evaluation->mean_loss,
                                 .spent = costs_.operational(),
                                 .emissions = costs_.emissions(),
                                 .country = costs_.country(),
                                 .epsilon = line.epsilon,
                                 .elapsed = std::chrono::steady_clock::now() - started_,
                                 .most_seconds_left = progress().most_seconds_left()});
    return stop_.on_evaluation(evaluation->accuracy);
}

void TrainingRecorder::evaluated(const learning::Evaluation& evaluation)
{
    result_.test_accuracy = evaluation.accuracy;
    result_.test_loss = evaluation.mean_loss;
    result_.best_test_accuracy = std::max(result_.best_test_accuracy, evaluation.accuracy);
}

void TrainingRecorder::tested_nodes(learning::NodeScores scores)
{
    const auto line = own_line(result_.rounds, energy::Phase::evaluate, scores.work);
    context_.folder.append_ledger({&line, 1});
    run::NodeTest test{std::move(scores.samples), std::move(scores.correct)};
    if (test.accuracies().empty()) {
        context_.progress.say(result_.label + ": no node holds two samples, so none has a test set of its own");
        return;
    }
    context_.progress.say(result_.label + ", the nodes' own test sets: " + test.text());
    result_.node_test = std::move(test);
}

TrainingResult TrainingRecorder::result_so_far() const
{
    auto result = result_;
    result.host_cpu_seconds += energy::process_cpu_seconds() - cpu_seconds_at_start_ + clients_cpu_seconds_;
    result.host_wall_seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    for (auto& record : energy::records(meters_.get(), "coordinator")) result.host_meters.push_back(std::move(record));
    for (const auto& [client, meters] : client_meters_)
        result.host_meters.insert(result.host_meters.end(), meters.begin(), meters.end());
    result.measured = measured_.totals();
    return result;
}

TrainingResult TrainingRecorder::finish(Ending ending, std::vector<float> parameters)
{
    auto result = result_so_far();
    for (const auto& measured : result.measured)
        if (const auto note = too_short(measured); !note.empty()) context_.progress.say(result.label + ": " + note);
    result.ending = ending;
    result.reached_target = stop_.reached();
    result.parameters = std::move(parameters);
    result.parameters_sha256 = context_.model_runtime.digest(result.parameters);
    return result;
}

}  // namespace fedgram::coordinator
