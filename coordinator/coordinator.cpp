#include "coordinator/coordinator.hpp"

#include <signal.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/meters/host.hpp"
#include "common/energy/meters/host_meters.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/net/address.hpp"
#include "common/net/descriptor_limit.hpp"
#include "common/net/exposure.hpp"
#include "common/net/tls.hpp"
#include "common/protocol/node_set.hpp"
#include "common/run/inputs.hpp"
#include "common/run/ledger_lines.hpp"
#include "common/run/processes.hpp"
#include "common/run/spec_file.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/resolve.hpp"
#include "common/store/training_key.hpp"
#include "common/store/training_store.hpp"
#include "common/text/number_text.hpp"
#include "coordinator/checkpoints/checkpoint_keeper.hpp"
#include "coordinator/checkpoints/resume.hpp"
#include "coordinator/clients/client_hub.hpp"
#include "coordinator/trainings/centralized_run.hpp"
#include "coordinator/trainings/federated_run.hpp"
#include "coordinator/trainings/stored_replay.hpp"
#include "coordinator/trainings/summary.hpp"
#include "coordinator/trainings/update_decoder.hpp"
#include "datasets/readers/sample_facts.hpp"

namespace fedgram::coordinator {

namespace {

using namespace std::chrono_literals;

// Nodes must be there before the first federated round. Clients started by hand may come late: say whom we wait for.
constexpr auto reminder = 10s;
// A client reads its data and opens its engine in seconds; one that has not come by then isn't coming.
constexpr auto start_patience = 10min;
// Another run that trains the same is looked for so often.
constexpr auto claim_interval = 100ms;

/// What a user's specification has and a resolved one no longer; empty where there is none.
std::string unresolved_part(const spec::Experiment& experiment)
{
    const auto& data = experiment.data;
    const auto& model = experiment.model;
    if (!data.own && std::filesystem::path{data.dataset}.has_extension())
        return "data.dataset is the path \"" + data.dataset + "\"";
    if (data.stand_in) return "data.stand_in is the name \"" + *data.stand_in + "\"";
    if (model.layers.empty() && model.torchscript.empty()) return "model is the name \"" + model.name + "\"";
    if (!experiment.accounting->contains("countries")) return "accounting has no countries";
    return {};
}

spec::Experiment read_experiment(const std::filesystem::path& path)
{
    const auto text = files::try_read_file(path);
    if (!text)
        throw SpecError{"\"" + path.string() +
                        "\" can't be read; give --spec a file that `fedgram resolve` has written"};
    auto experiment = run::parse_spec_text(*text, path.string());
    if (const auto part = unresolved_part(experiment); !part.empty())
        throw SpecError{path.string() + " is not resolved: " + part + "; `fedgram resolve " + path.string() +
                        " --out FILE` writes one that is"};
    return experiment;
}

/// The longest of all trainings': the hub has one for the whole run.
std::chrono::milliseconds silence_deadline(const spec::Experiment& experiment)
{
    double seconds = 0;
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<spec::Federated>(&training.kind))
            seconds = std::max(seconds, federated->silence_deadline_s);
    return std::chrono::milliseconds{std::llround(seconds * 1000)};
}

/// In some training.
bool trusts_all_sums(const spec::Experiment& experiment)
{
    return std::ranges::any_of(experiment.trainings, [](const spec::Training& training) {
        const auto* const federated = std::get_if<spec::Federated>(&training.kind);
        return federated != nullptr && spec::may_presum(*federated, false);
    });
}

/// What a GPU computes is no longer the same on the next one.
bool bits_are_known(const spec::Training& training)
{
    const auto* const centralized = std::get_if<spec::Centralized>(&training.kind);
    return centralized == nullptr || centralized->device == "cpu";
}

/// Every run that trains the same gets the same: nothing was lost on the way, and nobody stopped it.
bool is_undisturbed(const TrainingResult& result)
{
    return !result.interrupted() && result.missing_updates == 0 && result.refused_updates.empty() &&
           result.restarted_nodes.empty();
}

/// With too few for a single client the run would wait for one in vain.
void check_descriptors(const spec::Experiment& experiment)
{
    const int limit = net::raise_descriptor_limit();
    if (spec::most_nodes(experiment) > 0 && net::clients_within(limit) == 0)
        throw SystemError{fmt::format("{} file descriptors are too few for a run; raise ulimit -n to at least {}",
                                      limit, net::descriptors_for(1))};
}

net::Admission admission(const Options& options)
{
    net::Admission admission{options.secret};
    if (options.tls) admission.tls = std::make_shared<const net::Tls>(net::Tls::of_coordinator(*options.tls));
    return admission;
}

class Coordinator {
public:
    /// Reads and checks certificates, the specification and the data; nothing is listened on or written yet.
    explicit Coordinator(const Options& options);

    void run();

private:
    /// A run that begins, in a folder without one.
    [[nodiscard]] run::Checkpoint begin(const run::RunFolder& folder) const;
    /// Where an interrupted run goes on; nothing where it is over.
    [[nodiscard]] std::optional<run::Checkpoint> take_up(run::RunFolder& folder);
    asio::awaitable<void> conduct(run::RunFolder& folder, CheckpointKeeper& checkpoints);
    asio::awaitable<void> wait_for_nodes();
    [[nodiscard]] const store::Surroundings& surroundings();
    /// Trains it, or takes it from the store.
    asio::awaitable<TrainingResult> result_of(RunContext context, std::uint32_t training);
    asio::awaitable<TrainingResult> train(RunContext context, std::uint32_t training);
    asio::awaitable<TrainingResult> centralized(RunContext context, const spec::Training& training);
    /// The run doesn't need the store: where a training can't be kept, the user is told.
    void keep(const std::filesystem::path& folder, const std::string& key, const TrainingResult& result);
    /// Waits while another run trains the same; nothing where the store can't be used, or the run is stopped.
    asio::awaitable<std::optional<store::TrainingStore::Claim>> claimed(std::string key, std::string label);
    /// Once, of a final model that no evaluation has shown the test set to.
    asio::awaitable<void> measure_on_test_set(run::RunFolder& folder, TrainingResult& result);
    void write_processes(const run::RunFolder& folder) const;
    void write_summary(const run::RunFolder& folder, std::vector<run::TrainingSummary> trainings);

    Options options_;
    net::Admission admission_;
    spec::Experiment experiment_;
    datasets::Dataset data_;
    carbon::Accounting accounting_;
    energy::HostMetering metering_;
    ModelRuntime model_runtime_;
    asio::io_context context_{1};
    std::unique_ptr<ClientHub> hub_;
    std::string address_;
    asio::thread_pool worker_{1};
    std::atomic<bool> stop_{false};
    std::optional<store::TrainingStore> store_;
    std::optional<store::Surroundings> surroundings_;  // once the store is asked
    Progress progress_;
};

Coordinator::Coordinator(const Options& options)
    : options_{options},
      admission_{admission(options)},
      experiment_{read_experiment(options.resume ? options.folder / "spec.json" : options.spec)},
      data_{options.data.get(experiment_.data)},
      accounting_{carbon::parse_accounting(*experiment_.accounting, carbon::no_names())},
      metering_{true, options.core_power},
      model_runtime_{experiment_, data_}
{
    spec::check_normalization(experiment_.data, data_.channels);
    spec::check_held_updates(experiment_, model_runtime_.model().parameters.size);
    spec::check_node_states(experiment_, model_runtime_.model().parameters.size);
    spec::check_compression(experiment_, model_runtime_.model().parameters.size);
    spec::check_prunable(experiment_, model_runtime_.model().parameters.size);
}

void Coordinator::run()
{
    check_descriptors(experiment_);
    if (options_.store) store_.emplace(*options_.store);
    const auto endpoint = net::parse_address(context_, options_.listen);
    const auto notice =
        net::exposure_notice(endpoint, admission_.tls ? net::Encryption::tls : net::Encryption::none,
                             admission_.secret ? net::Invitation::secret : net::Invitation::none,
                             options_.insecure_listen ? net::Insecurity::wanted : net::Insecurity::refused);
    auto acceptor = net::listen(context_, endpoint, "--listen HOST:PORT");
    address_ = net::to_string(acceptor.local_endpoint());
    run::RunFolder folder{options_.folder};
    run::pin_inputs(options_.folder,
                    run::inputs_of(data_.name, data_.sha256, experiment_.model, datasets::sample_facts(data_)));
    auto from = options_.resume ? take_up(folder) : begin(folder);
    if (!from) {
        folder.remove_node_state();  // whoever brought the run to its end may have been killed right behind it
        progress_.say("the run in " + options_.folder.string() + " is over; nothing is left to do");
        return;
    }
    CheckpointKeeper checkpoints{folder, options_.checkpoint_interval, std::move(*from)};

    HubOptions hub_options;
    hub_options.spec_json = spec::to_json(experiment_).dump();
    hub_options.data_sha256 = model_runtime_.data().sha256;
    hub_options.nodes = spec::most_nodes(experiment_);
    hub_options.payload_bytes = model_runtime_.model().parameters.bytes();
    hub_options.encoded_bytes = largest_encoded_update(experiment_, model_runtime_.model());
    hub_options.own_machine = energy::machine_id();
    hub_options.trusts_all_sums = trusts_all_sums(experiment_);
    hub_options.silence_deadline = silence_deadline(experiment_);
    hub_options.admission = admission_;
    hub_ = std::make_unique<ClientHub>(context_, std::move(acceptor), std::move(hub_options));
    hub_->start();
    if (notice) progress_.say(*notice);
    if (!data_.note.empty()) progress_.say(data_.name + ": " + data_.note);
    std::printf("listening %s\n", address_.c_str());
    std::fflush(stdout);

    int signal_number = 0;
    asio::signal_set signals{context_, SIGINT, SIGTERM};
    signals.async_wait([&](const asio::error_code& error, int number) {
        if (error) return;
        signal_number = number;
        stop_ = true;
        progress_.say("stopping; the results so far are kept");
        hub_->request_stop();
    });
    std::exception_ptr failure;
    asio::co_spawn(context_, conduct(folder, checkpoints), [&](const std::exception_ptr& error) {
        failure = error;
        signals.cancel();
        std::string reason = "the run is over";
        try {
            if (error) std::rethrow_exception(error);
        } catch (const std::exception& what) {
            reason = what.what();
        }
        hub_->finish(failure != nullptr, reason);
    });
    context_.run();
    worker_.join();
    folder.remove_progress();
    if (failure) std::rethrow_exception(failure);
    if (!stop_) folder.remove_node_state();
    if (signal_number != 0) throw Interrupted{signal_number};
}

run::Checkpoint Coordinator::begin(const run::RunFolder& folder) const
{
    if (folder.used())
        throw SystemError{options_.folder.string() +
                          " holds a run already; choose another --out, or go on with it by --resume"};
    folder.write(experiment_);
    return first_checkpoint(experiment_);
}

std::optional<run::Checkpoint> Coordinator::take_up(run::RunFolder& folder)
{
    return resume(folder, {experiment_, data_, model_runtime_.model(), accounting_},
                  [this](const std::string& line) { progress_.say(line); });
}

asio::awaitable<void> Coordinator::conduct(run::RunFolder& folder, CheckpointKeeper& checkpoints)
{
    const bool all_ended = checkpoints.finished().size() == experiment_.trainings.size();
    if (!all_ended) co_await wait_for_nodes();
    if (!all_ended && !stop_) {
        write_processes(folder);
        folder.append_event("started", {{"address", address_}, {"clients", hub_->clients().size()}});
    }
    if (!checkpoints.finished().empty())
        write_summary(folder, checkpoints.finished());  // it may be older than the checkpoint
    const RunContext context{model_runtime_,
                             folder,
                             progress_,
                             accounting_,
                             metering_,
                             checkpoints,
                             [&] { write_processes(folder); },
                             options_.resume,
                             options_.pause_at};
    for (auto index = static_cast<std::uint32_t>(checkpoints.finished().size());
         index < experiment_.trainings.size() && !stop_; ++index) {
        auto result = co_await result_of(context, index);
        if (result.interrupted() && !stop_) {
            stop_ = true;
            progress_.say(
                fmt::format("{} pauses after round {}; --resume goes on with it", result.label, result.rounds));
        }
        if (result.evaluated_on != run::EvaluationSet::test && experiment_.data.measure_test && !result.interrupted())
            co_await measure_on_test_set(folder, result);
        // The model first: once the checkpoint says that the training has ended, nothing makes it again.
        const auto model_file = folder.path(result.label + ".pt");
        model_runtime_.write_model(result.parameters, model_file);
        files::sync_to_disk(model_file);
        auto trainings = checkpoints.finished();
        trainings.push_back(result);
        if (!result.interrupted()) checkpoints.training_ended(trainings.back());
        write_summary(folder, std::move(trainings));
    }
    folder.write_digest();
    if (!stop_) run::remove_checkpoints(folder.path());
    folder.append_event(stop_ ? "interrupted" : "finished", {{"bytes_sent", hub_->bytes_sent()},
                                                             {"bytes_received", hub_->bytes_received()},
                                                             {"strangers", to_json(hub_->rejected_peers())}});
}

asio::awaitable<void> Coordinator::wait_for_nodes()
{
    const auto give_up = net::Clock::now() + start_patience;
    while (!hub_->hosts_all() && !stop_) {
        const auto event = co_await hub_->next(net::Clock::now() + reminder);
        if (!event)
            progress_.say(fmt::format("waiting on {} for clients that host the nodes {}", address_,
                                      hub_->missing_nodes().text()));
        else if (const auto* lost = std::get_if<ClientLost>(&*event); lost && lost->gave_up)
            throw SystemError{"a client could not start: " + lost->reason};
        // Nodes that are missing can't get in any more: no wait helps.
        if (hub_->out_of_descriptors() && !hub_->hosts_all())
            throw SystemError{fmt::format(
                "the clients take all file descriptors, {}, and none is left for the nodes {}; raise ulimit -n to {}, "
                "or give each client more nodes",
                net::raise_descriptor_limit(), hub_->missing_nodes().text(),
                net::raise_descriptor_limit() + static_cast<int>(hub_->missing_nodes().size()))};
        if (net::Clock::now() > give_up)
            throw SystemError{fmt::format("no client hosts the nodes {}", hub_->missing_nodes().text())};
    }
}

const store::Surroundings& Coordinator::surroundings()
{
    if (!surroundings_) {
        const auto inputs = run::inputs_of(data_.name, data_.sha256, experiment_.model);
        surroundings_ = {data_.sha256, inputs.model_sha256, model_runtime_.engine().info(), store::programs_digest()};
    }
    return *surroundings_;
}

asio::awaitable<TrainingResult> Coordinator::result_of(RunContext context, std::uint32_t training)
{
    const auto& plan = experiment_.trainings[training];
    if (!store_ || !bits_are_known(plan)) co_return co_await train(context, training);
    const auto key = store::training_key(experiment_, training, surroundings());
    const auto claim = co_await claimed(key, plan.label);
    if (claim && !context.checkpoints.in_a_training())
        if (auto stored = store_->find(key)) {
            progress_.say(plan.label + " comes from the store; an earlier run spent " +
                          text::significant(stored->result.host_cpu_seconds) + " CPU s on it");
            co_return replay(context, plan, *std::move(stored));
        }
    auto result = co_await train(context, training);
    if (claim && is_undisturbed(result)) keep(context.folder.path(), key, result);
    co_return result;
}

void Coordinator::keep(const std::filesystem::path& folder, const std::string& key, const TrainingResult& result)
{
    try {
        if (!store_->put(run::stored_training(folder, key, result, result.parameters)))
            progress_.say(result.label + " takes more than the whole store may, and isn't kept there");
    } catch (const Error& error) {
        progress_.say(result.label + " isn't kept in the store: " + error.what());
    }
}

asio::awaitable<std::optional<store::TrainingStore::Claim>> Coordinator::claimed(std::string key, std::string label)
{
    asio::steady_timer timer{context_};
    auto say_at = net::Clock::now();
    while (!stop_) {
        try {
            if (auto claim = store_->claim(key)) co_return claim;
        } catch (const SystemError& error) {
            progress_.say(label + " is trained without the store: " + error.what());
            co_return std::nullopt;
        }
        if (net::Clock::now() >= say_at) {
            progress_.say(label + " is being trained by another run; waiting for what comes of it");
            say_at = net::Clock::now() + reminder;
        }
        timer.expires_after(claim_interval);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return std::nullopt;
}

asio::awaitable<TrainingResult> Coordinator::train(RunContext context, std::uint32_t training)
{
    const auto& plan = experiment_.trainings[training];
    if (std::holds_alternative<spec::Centralized>(plan.kind)) co_return co_await centralized(context, plan);
    co_return co_await run_federated(context, training, *hub_, worker_);
}

asio::awaitable<TrainingResult> Coordinator::centralized(RunContext context, const spec::Training& training)
{
    const auto work = [this, context, &training]() -> asio::awaitable<TrainingResult> {
        co_return run_centralized(context, training, stop_);
    };
    co_return co_await asio::co_spawn(worker_, work, asio::use_awaitable);
}

asio::awaitable<void> Coordinator::measure_on_test_set(run::RunFolder& folder, TrainingResult& result)
{
    const auto measure = [&]() -> asio::awaitable<learning::Evaluation> {
        co_return model_runtime_.evaluate_on_test_set(result.parameters);
    };
    auto test = co_await asio::co_spawn(worker_, measure, asio::use_awaitable);
    if (const auto* const part = model_runtime_.learned_part(); part != nullptr && result.frozen) {
        const auto pass = part->forward(test.work.samples, test.work.steps);
        test.work += pass;
        result.frozen->evaluation += pass;
        result.frozen->evaluated_samples += test.work.samples;
        result.frozen->read_samples += test.work.samples;
    }
    result.final_test = {test.accuracy, test.mean_loss};
    const auto line = run::phase_line(result.label, {std::nullopt, result.rounds, energy::Phase::evaluate, test.work},
                                      accounting_.datacenter_devices.front());
    folder.append_ledger({&line, 1});
    progress_.say(fmt::format("{}: {} on the test set, which was looked at this once", result.label,
                              text::percent(test.accuracy)));
}

void Coordinator::write_processes(const run::RunFolder& folder) const
{
    run::Processes processes{::getpid(), address_, {}};
    for (const auto* client : hub_->clients())
        processes.clients.push_back({static_cast<pid_t>(client->pid), client->host.nodes.ids()});
    folder.write(processes);
}

void Coordinator::write_summary(const run::RunFolder& folder, std::vector<run::TrainingSummary> trainings)
{
    folder.write(summary(experiment_, data_, std::move(trainings), model_runtime_.engine().info()));
}

}  // namespace

void run_coordinator(const Options& options) { Coordinator{options}.run(); }

}  // namespace fedgram::coordinator
