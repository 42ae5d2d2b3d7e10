#include "experiments/commands/analyze.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <span>

#include <nlohmann/json.hpp>

#include "common/energy/meters/core_power.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "experiments/analysis/journal.hpp"
#include "experiments/analysis/search.hpp"
#include "experiments/analyzing/analysis_folder.hpp"
#include "experiments/analyzing/analysis_identity.hpp"
#include "experiments/analyzing/analysis_report.hpp"
#include "experiments/analyzing/measured_server.hpp"
#include "experiments/analyzing/served_model.hpp"
#include "experiments/analyzing/server_process.hpp"
#include "experiments/analyzing/virtual_server.hpp"
#include "experiments/commands/analyze_goal.hpp"
#include "experiments/commands/analyze_prices.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/output_file.hpp"
#include "experiments/commands/page_file.hpp"
#include "experiments/commands/request_options.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/commands/trained_run.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "experiments/lookup/serving_lookup.hpp"

namespace fedgram::experiments {

namespace {

using energy::Arithmetic;

std::vector<ServedDevice> devices_of(const AnalyzeOptions& options)
{
    std::vector<ServedDevice> devices;
    for (const auto& name : options.devices) {
        devices.push_back(served_device(name));
        const auto& id = devices.back().profile.id;
        if (std::ranges::count(devices, id, [](const auto& one) { return one.profile.id; }) > 1)
            throw SpecError{"--device: " + id + " is named twice; name each device once"};
    }
    return devices;
}

Arithmetic arithmetic_of(const std::string& word)
{
    std::vector<std::string> known;
    for (const auto one : energy::all_arithmetic()) {
        if (energy::name(one) == word) return one;
        known.emplace_back(energy::name(one));
    }
    throw SpecError{"--numbers: \"" + word + "\" is not valid; use " + text::joined(known)};
}

/// That a model of float32 is computed in.
std::vector<Arithmetic> numbers_of(const AnalyzeOptions& options, std::span<const ServedDevice> devices)
{
    std::vector<Arithmetic> numbers;
    for (const auto& word : options.numbers)
        if (const auto one = arithmetic_of(word); std::ranges::find(numbers, one) == numbers.end())
            numbers.push_back(one);
    if (is_run(options) && std::ranges::find(numbers, Arithmetic::int8) != numbers.end())
        throw SpecError{"--numbers: int8 is a model of its own; make it by `fedgram reduce " + options.subject +
                        " --lever quantize:type=int8`, and it is analyzed beside the other"};
    if (!numbers.empty()) return numbers;
    if (is_run(options)) return {Arithmetic::fp32};
    for (const auto one : energy::all_arithmetic())
        if (std::ranges::any_of(devices, [&](const auto& device) { return device.profile.rate(one) != nullptr; }))
            numbers.push_back(one);
    return numbers;
}

/// "float32: not able on tpu-v4", of each form that some device has no rate for.
std::vector<std::string> unable_forms(const ServedModel& model, std::span<const ServedDevice> devices)
{
    std::vector<std::string> words;
    for (const auto& variant : model.variants) {
        std::vector<std::string> ids;
        for (const auto& device : devices)
            if (device.profile.rate(variant.demand.arithmetic) == nullptr) ids.push_back(device.profile.id);
        if (!ids.empty())
            words.push_back(variant.variant.name + ": not able on " + text::joined(ids) + ", without a rate of " +
                            std::string{energy::name(variant.demand.arithmetic)} + ".");
    }
    return words;
}

/// What some device is able to compute.
ServedModel computable(ServedModel model, std::span<const ServedDevice> devices)
{
    std::string able;
    for (const auto& [profile, one_by_one] : devices)
        for (const auto& rate : profile.rates)
            able += (able.empty() ? "" : ", ") + profile.id + " in " + std::string{energy::name(rate.arithmetic)};
    model.unable = unable_forms(model, devices);
    std::erase_if(model.variants, [&](const auto& variant) {
        return std::ranges::none_of(
            devices, [&](const auto& device) { return device.profile.rate(variant.demand.arithmetic) != nullptr; });
    });
    if (model.variants.empty())
        throw SpecError{"--device: none computes in the numbers of " + model.name + " (" + able +
                        "); use another, or --numbers, or make an int8 model by `fedgram reduce`"};
    return model;
}

std::vector<std::uint32_t> whole_numbers(const std::string& option, std::vector<double> given, double least,
                                         double most, std::vector<std::uint32_t> without)
{
    if (given.empty()) return without;
    std::ranges::sort(given);
    std::vector<std::uint32_t> numbers;
    for (const double number : given) {
        if (number != std::floor(number) || number < least || number > most)
            throw SpecError{option + ": " + text::shortest(number) + " is not valid; use whole numbers from " +
                            text::shortest(least) + " to " + text::fixed(most, 0)};
        numbers.push_back(static_cast<std::uint32_t>(number));
    }
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
}

/// At a lower one the requests of a measurement take longer than virtual time holds, 31 years.
void refuse_unless_rate(const std::string& option, double rate)
{
    if (!(rate >= 1e-3 && rate <= 1e9))
        throw SpecError{option + ": " + text::shortest(rate) +
                        " is not valid; use requests a second, from 0.001 to 1000000000"};
}

analysis::Space space_of(const AnalyzeOptions& options, analysis::Space space)
{
    constexpr double most = 1 << 20;
    const auto here = [&](std::uint32_t most_here) { return options.here ? double(most_here) : most; };
    space.max_batches =
        whole_numbers("--max-batch", options.max_batches, 1, here(largest_served_batch), space.max_batches);
    space.instances = whole_numbers("--instances", options.instances, 1, here(most_served_instances), space.instances);
    space.queue_delays_us = whole_numbers("--queue-delay-us", options.queue_delays_us, 0, most, space.queue_delays_us);
    const auto clients = whole_numbers("--concurrency", options.concurrencies, 1, here(longest_served_queue), {});
    for (const auto rate : options.load_rates) refuse_unless_rate("--load-rate", rate);
    if (clients.empty() && options.load_rates.empty()) return space;
    space.loads.clear();
    for (const auto number : clients) space.loads.push_back({analysis::Load::Kind::concurrency, double(number)});
    for (const auto rate : options.load_rates) space.loads.push_back({analysis::Load::Kind::rate, rate});
    std::ranges::sort(space.loads);
    space.loads.erase(std::unique(space.loads.begin(), space.loads.end()), space.loads.end());
    return space;
}

analysis::Mode mode_of(const std::string& mode)
{
    return mode == "brute" ? analysis::Mode::brute : mode == "manual" ? analysis::Mode::manual : analysis::Mode::quick;
}

/// A line for each measurement that takes seconds.
void tell(const analysis::Journal& journal, const AnalyzedServer& server)
{
    const auto& [probe, measured] = journal.entries.back();
    std::vector<analysis::Variant> variants;
    for (const auto& one : server.model().variants) variants.push_back(one.variant);
    std::cerr << journal.entries.size() << ": " << analysis::configuration_text(probe.configuration, variants) << ", "
              << analysis::load_text(probe.load) << ": "
              << (measured.failure.empty() ? text::significant(measured.throughput_per_s) + " answers/s" +
                                                 (measured.stable ? "" : ", not stable")
                                           : measured.failure)
              << "\n";
}

/// Measures what isn't known yet, and keeps it where the analysis is kept. What this machine failed at isn't kept: it
/// may be able to another time.
class Measuring {
public:
    Measuring(const AnalyzedServer& server, AnalysisFolder* folder) : server_{server}, folder_{folder}
    {
        if (!folder_) return;
        for (const auto& entry : folder_->known())
            if (is_kept(entry)) all_.entries.push_back(entry);
    }

    analysis::Journal search(analysis::Search& search)
    {
        const auto known = all_;
        return analysis::carry_out(
            search, known, [&](const analysis::Probe& probe) { return server_.measure(probe); },
            [&](const analysis::Journal& so_far) { add(so_far.entries.back()); });
    }

    /// At another load than the search's. What took seconds is kept with the search's.
    analysis::Measurement beside(const analysis::Probe& probe)
    {
        if (server_.is_virtual()) return server_.measure(probe);
        if (const auto before = std::ranges::find(all_.entries, probe, &analysis::JournalEntry::probe);
            before != all_.entries.end())
            return before->measurement;
        add({probe, server_.measure_row(probe)});
        return all_.entries.back().measurement;
    }

    [[nodiscard]] std::size_t kept() const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(all_.entries, [this](const auto& entry) { return is_kept(entry); }));
    }
    [[nodiscard]] std::size_t failed() const { return all_.entries.size() - kept(); }

private:
    [[nodiscard]] bool is_kept(const analysis::JournalEntry& entry) const
    {
        return server_.is_virtual() || entry.measurement.failure.empty();
    }

    void add(const analysis::JournalEntry& entry)
    {
        all_.entries.push_back(entry);
        if (folder_ && is_kept(entry)) folder_->add(entry);
        if (!server_.is_virtual()) tell(all_, server_);
    }

    const AnalyzedServer& server_;
    AnalysisFolder* folder_;  // nothing: it is printed alone
    analysis::Journal all_;
};

ServedModel model_of(const AnalyzeOptions& options, const std::vector<Arithmetic>& numbers)
{
    if (!is_run(options)) return model_by_costs(options.subject, numbers);
    const auto experiment = experiment_of(options.subject);
    return model_of_run(options.subject, experiment, chosen_training(experiment, options.training).label, numbers);
}

std::unique_ptr<AnalyzedServer> virtual_server(const AnalyzeOptions& options)
{
    if (!is_run(options) && !options.training.empty())
        throw SpecError{"--training: " + options.subject + " is no run; leave it out"};
    const auto devices = devices_of(options);
    auto model = model_of(options, numbers_of(options, devices));
    return std::make_unique<VirtualServer>(computable(std::move(model), devices), devices, prices_of(options));
}

std::unique_ptr<AnalyzedServer> measured_server(const AnalyzeOptions& options)
{
    if (!is_run(options))
        throw SpecError{"--here: " + options.subject +
                        " is no run, and nothing is served here without weights; give a run's folder, or --device"};
    auto model = model_of(options, {Arithmetic::fp32});
    const std::filesystem::path run = options.subject;
    const auto experiment = experiment_of(run);
    auto files = files_of_variants(run, chosen_training(experiment, options.training).label, model);
    auto prices = prices_of(options);
    if (!options.pue) prices.pue = 1;  // nobody says that this machine is in a data centre
    MeasuringOptions measuring{.shortest = Seconds{options.seconds_per_measurement}};
    if (options.core_power) measuring.core_power = energy::parse_core_power(*options.core_power);
    return std::make_unique<MeasuredServer>(std::move(model), std::move(files), prices, measuring);
}

/// Before seconds go into measuring.
void check_file(const AnalyzeOptions& options, const std::string& option, const std::filesystem::path& file)
{
    const auto is_in_out = [&](const std::filesystem::path& name) {
        return options.out && is_same_file(*options.out / name, file);
    };
    if (std::ranges::any_of(AnalysisFolder::file_names, is_in_out))
        throw SpecError{option + ": " + file.string() + " is a file of the analysis in --out; choose another " +
                        option};
    // --out is made later.
    if (!is_in_out(file.filename()) || std::filesystem::exists(*options.out)) refuse_unless_writable(file, option);
}

/// An analysis that has no figure at all isn't a good one.
[[noreturn]] void refuse_without_result(const AnalyzedServer& server, const std::string& failure)
{
    if (server.is_virtual())
        throw SpecError{"nothing could be run: " + failure + "; choose another --device, --numbers or model"};
    throw SystemError{"nothing could be run: " + failure + "; once that is put right, the same command measures again"};
}

void check_files(const AnalyzeOptions& options)
{
    if (options.svg) check_file(options, "--svg", *options.svg);
    if (options.html) check_file(options, "--html", *options.html);
    if (options.svg && options.html && is_same_file(*options.svg, *options.html))
        throw SpecError{"--html: " + options.html->string() + " is the file of --svg, too; choose another --html"};
    if (options.svg) refuse_unless_drawing(*options.svg);
    if (options.html) refuse_unless_page(*options.html);
}

}  // namespace

int analyze(const AnalyzeOptions& options)
{
    check_files(options);
    if (options.rate) refuse_unless_rate("--rate", *options.rate);
    const auto goal = goal_of(options);
    const auto server = options.here ? measured_server(options) : virtual_server(options);
    refuse_unknown(goal, *server);
    const auto space = space_of(options, server->space());
    const auto search = analysis::make_search(mode_of(options.mode), space, goal);
    std::optional<AnalysisFolder> folder;
    if (options.out) folder.emplace(*options.out, identity_of(*server, space, goal, options.mode, options.rate));
    Measuring measuring{*server, folder ? &*folder : nullptr};
    const auto journal = measuring.search(*search);
    auto report = report_of(*server, space, goal, journal.entries, options.rate,
                            [&](const analysis::Probe& probe) { return measuring.beside(probe); });
    const auto& best = report.result.best;
    if (options.mode == "quick" && !best.empty()) {
        if (!best.front().keeps_constraints)
            report.notes.emplace_back("A quick search may miss what keeps the constraints; --mode brute may find it.");
        else if (!analysis::suits_climb(space, goal))
            report.notes.emplace_back(
                "For this goal a quick search goes by what it expects from few measurements, and may miss the best; "
                "--mode brute goes on for as long as something is gained.");
    }
    report.shows_figures = options.figures;
    report.kept_measurements = measuring.kept();
    if (const auto failed = measuring.failed(); failed > 0)
        report.notes.push_back(std::to_string(failed) + (failed == 1 ? " measurement" : " measurements") +
                               " failed on this machine; they aren't kept, and the same command makes them again.");
    // Printed first: a file that can't be written costs nothing but itself.
    std::cout << (options.json  ? analysis_json_text(report)
                  : options.csv ? analysis_csv(report, journal.entries)
                                : analysis_text(report))
              << std::flush;
    // One that this machine failed at as a whole isn't over.
    if (folder && (server->is_virtual() || !best.empty())) folder->finish(report, journal.entries);
    if (options.svg) files::write_file(*options.svg, analysis_svg(report));
    if (options.html) files::write_file(*options.html, analysis_page(report));
    if (best.empty()) refuse_without_result(*server, report.result.failure);
    return 0;
}

void add_analyze(CommandSet& commands)
{
    const auto options = std::make_shared<AnalyzeOptions>();
    const auto sub = commands.add(
        "analyze", "Look for how to serve a model under constraints: on device profiles, or measured on this machine",
        "  fedgram analyze resnet-50 --device t4 --max-p99-ms 15\n"
        "  fedgram analyze results/mine --device t4,a100 --min-throughput 50 --max-p99-ms 30 --max-joules-per-1000 20\n"
        "  fedgram analyze results/mine --device tpu-v4 --numbers bf16 --objective joules=2,throughput=1 --html "
        "a.html\n"
        "  fedgram analyze small-cnn --device t4 --mode manual --max-batch 1,8 --instances 1,2 --concurrency 16 --csv\n"
        "  fedgram analyze results/mine --device t4 --max-usd-per-1000 0.001 --request-bytes 784 --country FRA\n"
        "  fedgram analyze results/mine --here --max-p99-ms 10 --core-w 7 --out results/mine/analyses/here",
        analyze, options);
    sub.option(
           "subject", &options->subject,
           "Folder of a run, or a model by its costs alone: a built-in one, or " +
               text::joined(std::vector<std::string>{"resnet-50", "resnet-152", "densenet-121", "vgg-16", "ssd-vgg"}))
        .required()
        .type_name("RUN|MODEL")
        .suggests(names_with_costs());
    const auto here = sub.flag(
        "--here", &options->here,
        "Measure on this machine: a fedgram-serve for each configuration, loaded over loopback; a run's alone");
    sub.option("--device", &options->devices, "Devices it may be served on: ids, or paths of .json files")
        .required_unless(here)
        .excludes(here)
        .comma_list()
        .suggests(served_device_ids());
    sub.option("--seconds-per-measurement", &options->seconds_per_measurement,
               "Of one that is stable at once, here; one that doesn't get so is measured twice more, in windows twice "
               "as long "
               "each time, and takes up to 24 times as long")
        .between(0.1, 3600.0)
        .needs(here)
        .shows_default();
    sub.option("--core-w", &options->core_power,
               "Watts of a busy core of this machine, by which core-seconds are joules where no meter works")
        .needs(here)
        .type_name("W|LOW:LIKELY:HIGH");
    sub.option("--training", &options->training, "Label of the training whose model it is (default: the first)");
    sub.option("--numbers", &options->numbers,
               "What a model of float32 is computed in: fp32, fp16, bf16, block-fp8; of a model by its costs int8, too "
               "(default: fp32 of a run, all that the devices compute in of a model)")
        .excludes(here)
        .comma_list();
    sub.option("--mode", &options->mode,
               "quick climbs or goes where most is promised, brute walks through all, manual takes all")
        .one_of({"quick", "brute", "manual"})
        .shows_default();
    sub.option("--min-throughput", &options->min_throughput, "Answers a second, at least");
    sub.option("--max-p99-ms", &options->max_p99_ms, "99 of 100 answers take no longer");
    sub.option("--max-memory-mb", &options->max_memory_mb, "Of all instances on a device, in 1e6 bytes");
    sub.option("--min-accuracy", &options->min_accuracy, "On the test set, a fraction of 1");
    sub.option("--max-joules-per-1000", &options->max_joules, "Joules of 1000 answers, with PUE, at most");
    sub.option("--max-grams-per-1000", &options->max_grams, "Grams of CO2e of 1000 answers, at most");
    sub.option("--max-core-seconds-per-1000", &options->max_core_seconds,
               "Core-seconds of the server for 1000 answers, at most; known of what is or was measured here");
    sub.option("--max-usd-per-1000", &options->max_usd,
               "US dollars of 1000 answers: the rent of the device where it is known, else its electricity, at most");
    sub.option(
           "--objective", &options->objectives,
           "What is best: throughput, p99, memory, accuracy, joules, grams, core-seconds, usd; several with weights, "
           "as in joules=2,p99=1 (default: throughput)")
        .comma_list();
    sub.option("--max-batch", &options->max_batches, "Largest batches to look at (default: 1 to 128 by powers of 2)")
        .type_name("N")
        .comma_list();
    sub.option("--instances", &options->instances,
               "Copies of the model on one device (default: 1 to 5; here no more than cores)")
        .type_name("N")
        .comma_list();
    sub.option("--queue-delay-us", &options->queue_delays_us,
               "For which a batch that isn't full waits for more, in microseconds (default: 0)")
        .type_name("N")
        .comma_list();
    const auto clients =
        sub.option("--concurrency", &options->concurrencies,
                   "Clients of the loads (default: 1 to 1024 by powers of 2, of which quick takes any between)")
            .type_name("N")
            .comma_list();
    sub.option("--load-rate", &options->load_rates,
               "Loads as requests a second in the place of clients: an open loop with random gaps; quick takes one")
        .excludes(clients)
        .comma_list();
    sub.option("--country", &options->country,
               "Where the devices are: an ISO 3166 code or a name (default: the run's first country; of a model none)")
        .suggests(grid_country_words);
    sub.option("--pue", &options->pue,
               "The data centre's PUE, from 1 to 10 (default: the run's first; of a model 1.67; here 1)");
    sub.option("--rate", &options->rate, "Requests a second at which the best are priced beside the other loads");
    const auto request = add_request_bytes(sub, options->request_bytes, options->answer_bytes);
    const auto network = add_network(sub, options->network, options->kwh_per_gb);
    network.method.needs(request);
    network.kwh_per_gb.needs(request);
    sub.option("--out", &options->out,
               "Keep the analysis in this folder, as in RUN/analyses/NAME: `fedgram list` and `fedgram report RUN` "
               "show it, and one that was killed goes on there")
        .type_name("DIR");
    sub.option("--svg", &options->svg, "Draw throughput and memory against p99 of the best").type_name("FILE");
    sub.option("--html", &options->html, "The same with all that is printed, as a page").type_name("FILE");
    const auto csv = sub.flag("--csv", &options->csv, "Print all measurements as CSV");
    sub.flag("--figures", &options->figures,
             "Also each figure of the devices: band, standing and source; --json has them anyway")
        .excludes(here)
        .excludes(csv);
    add_json(sub, options->json).excludes(csv);
}

}  // namespace fedgram::experiments
