#include "coordinator/training_run.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "common/energy/host.hpp"

namespace fedgram::coordinator {

namespace {

void add_up(std::optional<energy::MeterRecord>& sum, const energy::MeterRecord& term)
{
    if (!sum) {
        sum = term;
        sum->process = "nodes";
        return;
    }
    const auto plus = [](std::optional<Joules>& all, const std::optional<Joules>& more) {
        if (all && more)
            *all += *more;
    };
    plus(sum->joules, term.joules);
    plus(sum->low, term.low);
    plus(sum->high, term.high);
}

}  // namespace

TrainingRecorder::TrainingRecorder(RunContext context, const spec::Training& training, std::uint32_t most_evaluations)
    : context_{context},
      stop_{context.workbench.experiment().target_accuracy, context.workbench.experiment().stop},
      costs_{context.accounting},
      most_evaluations_{most_evaluations},
      cpu_seconds_at_start_{energy::process_cpu_seconds()},
      meters_{energy::start_host_meters(context.metering)},
      started_{std::chrono::steady_clock::now()}
{
    result_.label = training.label;
    result_.federated = std::holds_alternative<spec::Federated>(training.kind);
}

void TrainingRecorder::add(std::uint32_t round, std::uint32_t node, HostReport report)
{
    clients_cpu_seconds_ += report.process_cpu_seconds;
    result_.host_node_cpu_seconds += report.node.cpu_seconds;
    nlohmann::ordered_json line{{"training", result_.label}, {"round", round}, {"node", node}};
    line["cpu_seconds"] = report.node.cpu_seconds;
    if (report.node.estimate) {
        line["estimate"] = to_json(*report.node.estimate);
        add_up(result_.host_node_estimate, *report.node.estimate);
    }
    host_lines_.push_back(std::move(line));
    if (!report.meters.empty())
        client_meters_[report.meters.front().process] = std::move(report.meters);
}

bool TrainingRecorder::evaluated(std::uint32_t round, const learning::Evaluation& evaluation,
                                 std::uint32_t participants, std::vector<energy::LedgerLine> lines,
                                 Seconds virtual_seconds, double train_loss)
{
    result_.test_accuracy = evaluation.accuracy;
    result_.test_loss = evaluation.mean_loss;
    result_.best_test_accuracy = std::max(result_.best_test_accuracy, evaluation.accuracy);
    result_.evaluations = round;
    result_.virtual_seconds += virtual_seconds;
    costs_.add(lines, result_.federated);

    context_.folder.append_ledger(lines);
    context_.folder.append_host(host_lines_);
    host_lines_.clear();
    nlohmann::ordered_json line;
    line["label"] = result_.label;
    line["round"] = round;
    line["test_accuracy"] = evaluation.accuracy;
    line["test_loss"] = evaluation.mean_loss;
    line["train_loss"] = train_loss;
    line["participants"] = participants;
    line["virtual_seconds"] = virtual_seconds.count();
    context_.folder.append_round(line);
    context_.progress.evaluated(result_.label, round, most_evaluations_, evaluation.accuracy, evaluation.mean_loss,
                                costs_, std::chrono::steady_clock::now() - started_);
    result_.lines.insert(result_.lines.end(), std::make_move_iterator(lines.begin()),
                         std::make_move_iterator(lines.end()));
    return stop_.on_evaluation(evaluation.accuracy);
}

TrainingResult TrainingRecorder::finish(Ending ending, std::vector<float> parameters)
{
    result_.ending = ending;
    result_.reached_target = stop_.reached();
    result_.parameters = std::move(parameters);
    result_.host_cpu_seconds = energy::process_cpu_seconds() - cpu_seconds_at_start_ + clients_cpu_seconds_;
    result_.host_wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    result_.host_meters = energy::records(meters_.get(), "coordinator");
    for (auto& [process, meters] : client_meters_)
        std::move(meters.begin(), meters.end(), std::back_inserter(result_.host_meters));
    return std::move(result_);
}

}  // namespace fedgram::coordinator
