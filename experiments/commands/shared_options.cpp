#include "experiments/commands/shared_options.hpp"

#include <cmath>

#include "common/carbon/grid/hourly_formats/hourly_file_options.hpp"
#include "common/error/error.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "experiments/commands/request_options.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

Option add_json(const Subcommand& sub, bool& json) { return sub.flag("--json", &json, "Print JSON"); }

void add_data_folder(const Subcommand& sub, std::optional<std::filesystem::path>& folder)
{
    sub.option("--data-dir", &folder, "Folder of the dataset's files (default: where its Debian package puts them)")
        .type_name("DIR");
}

void add_sets(const Subcommand& sub, std::vector<std::string>& sets)
{
    sub.option("--set", &sets, "KEY=VALUE: sets any value of the specification; may be repeated")
        .type_name("KEY=VALUE")
        .repeatable();
}

Option add_spec(const Subcommand& sub, std::string& spec)
{
    return sub
        .option("spec", &spec,
                "A specification: a file, or one that ships (" + text::joined(shipped_names("specs")) + ")")
        .type_name("SPEC")
        .suggests(shipped_names("specs"));
}

void check_width(double width)
{
    if (!spec::model_width.contains(width))
        throw SpecError{"--width: " + text::shortest(width) + " is not valid; use " + spec::model_width.text()};
}

void add_choice(const Subcommand& sub, SpecChoice& choice)
{
    add_spec(sub, choice.spec).required();
    add_sets(sub, choice.sets);
    add_data_folder(sub, choice.data_folder);
}

void add_run_folder(const Subcommand& sub, std::filesystem::path& folder)
{
    sub.option("run", &folder, "Folder of a run").required().type_name("DIR");
}

std::optional<store::StorePlace> StoreOptions::place() const
{
    if (!folder) return std::nullopt;
    if (!(most_gib > 0) || !std::isfinite(most_gib))
        throw SpecError{"--store-limit: " + text::shortest(most_gib) + " is not valid; use a number above 0, in GiB"};
    return store::StorePlace{std::filesystem::absolute(*folder).lexically_normal(), most_gib};
}

StoreWords add_store(const Subcommand& sub, StoreOptions& options, const std::string& without)
{
    const auto folder = sub.option("--store", &options.folder,
                                   "Folder of trainings: one that would come out the same as one there isn't trained "
                                   "again (" +
                                       without + ")")
                            .type_name("DIR");
    const auto limit = sub.option("--store-limit", &options.most_gib,
                                  "GiB that the store may take; what wasn't used for longest goes first")
                           .type_name("GIB")
                           .shows_default();
    return {folder, limit};
}

Option add_slurm(const Subcommand& sub, std::string& on, SlurmChoice& choice, const SlurmWords& words)
{
    const auto place =
        sub.option("--on", &on, "Where: here, or slurm: " + words.what).one_of({"here", "slurm"}).shows_default();
    sub.option("--cpus", &choice.cpus, "On Slurm: CPUs of each " + words.part).between(1u, 4096u).shows_default();
    sub.option("--time", &choice.time, "On Slurm: the limit of each job, as in 2:00:00 (default: the partition's)")
        .type_name("TIME");
    sub.option("--sbatch", &choice.more,
               "On Slurm: an option for " + words.command + ", as in --sbatch=--partition=long; may be repeated")
        .type_name("OPTION")
        .repeatable();
    return place;
}

void check(const SlurmChoice& choice, const std::string& on)
{
    if (on != "slurm" && (choice.cpus != SlurmChoice{}.cpus || choice.time || !choice.more.empty()))
        throw SpecError{"--cpus, --time and --sbatch are for --on slurm; add it, or leave them out"};
    for (const auto& option : choice.more)
        if (!option.starts_with('-'))
            throw SpecError{"--sbatch: \"" + option + "\" is no option; write it as in --sbatch=--partition=long"};
}

void add_watch_targets(const Subcommand& sub, WatchTargets& targets)
{
    sub.option("--metrics", &targets.metrics,
               "Serve the run's figures to Prometheus at this address of the machine, as 127.0.0.1:9400")
        .type_name("HOST:PORT");
    sub.flag("--tensorboard", &targets.tensorboard,
             "Write the rounds as event files of TensorBoard, into the run's folder tensorboard");
}

void add_verify(const Subcommand& sub, bool& verify)
{
    sub.flag("--verify", &verify, "Read all of the ledger, and fail where the run's digest says something else");
}

void add_hourly_choice(const Subcommand& sub, HourlyChoice& choice, Option hourly)
{
    sub.option("--time-column", &choice.time_column,
               "Of --hourly, any CSV: its column of times, each when its row begins (default: utc_start)")
        .type_name("NAME")
        .needs(hourly);
    sub.option("--value-column", &choice.value_column, "The same of gCO2e/kWh (default: gco2e_per_kwh)")
        .type_name("NAME")
        .needs(hourly);
    sub.option("--time-zone", &choice.time_zone,
               "Of --hourly, where a file's times name no zone: UTC, or a fixed offset such as +01:00")
        .type_name("ZONE")
        .needs(hourly);
    sub.option("--fill-gaps", &choice.fill_gaps_h,
               "Of --hourly: fill gaps of up to so many hours, by a straight line; how many hours were filled is said")
        .type_name("HOURS")
        .between(0.0, static_cast<double>(carbon::longest_fill.count()))
        .needs(hourly);
    sub.flag("--forecast", &choice.forecast,
             "Of --hourly: take the UK Carbon Intensity API's forecast where it has no actual intensity; how often is "
             "said")
        .needs(hourly);
}

void add_prices(const Subcommand& sub, AssumptionOptions& options)
{
    sub.option("--countries", &options.countries, "Rows: ISO 3166 codes or names, also such as \"Korea, Republic of\"")
        .comma_list()
        .suggests(grid_country_words);
    sub.option("--grid-file", &options.grid_file,
               "Countries of your own, which come before those of record: a .csv file with the columns iso3, name, "
               "year, gco2e_per_kwh, basis, source")
        .type_name("FILE");
    const auto hourly = sub.option("--hourly", &options.hourly,
                                   "Rows by the hour, each round's energy drawn in its own hours: files (a CSV, an "
                                   "export of Electricity Maps, JSON of the UK Carbon Intensity API), or of record (" +
                                       text::joined(hourly_series_names()) + "); in place of the run's rows")
                            .type_name("FILE")
                            .comma_list()
                            .suggests(hourly_series_names());
    sub.option("--from", &options.from,
               "When a training begins, of --hourly, on the hour (default: the beginning of the series)")
        .type_name("UTC")
        .needs(hourly);
    sub.option(
           "--basis", &options.hourly_choice.basis,
           "Of --hourly: lifecycle or direct, which of a file's, or what it is (default: lifecycle, if it is either)")
        .one_of({"lifecycle", "direct"})
        .needs(hourly);
    add_hourly_choice(sub, options.hourly_choice, hourly);
    sub.option("--node-places", &options.node_places,
               "Where the nodes are in turn: ISO 3166 codes or names; row is the row's country")
        .comma_list()
        .suggests(grid_country_words);
    sub.option("--site", &options.sites,
               "Columns of a cloud region, with its grid and its PUE in every row: aws:eu-west-3")
        .type_name("PROVIDER:REGION")
        .comma_list();
    sub.option("--pue", &options.pue, "Data centres' PUE, from 1 to 10").comma_list();
    sub.option("--datacenter-device", &options.datacenter_devices,
               "Devices of the centralized trainings: ids, or paths of .json files")
        .comma_list()
        .suggests(device_ids());
    sub.option("--inference-devices", &options.inference_devices,
               "Devices that answer requests to smaller models: ids or paths, those that can't train among them")
        .comma_list();
    sub.option("--inference-rate", &options.inference_rate, "Requests a second that they answer");
    sub.option("--edge-device", &options.edge_device, "Device of the federated trainings: an id or a path")
        .suggests(device_ids());
    sub.option(
           "--execution", &options.execution,
           "How hosts launch their devices' kernels: eager (one by one) or graph (captured, with the samples on the "
           "device)")
        .suggests({"eager", "graph"});
    add_network(sub, options.network, options.kwh_per_gb);
}

void add_assumptions(const Subcommand& sub, AssumptionOptions& options)
{
    add_prices(sub, options);
    sub.option("--fleet", &options.fleet,
               "What the nodes are: a .json file with the groups of a fleet, as federated.fleet of a specification has "
               "them; in place of the run's own nodes")
        .type_name("FILE");
    sub.option("--target", &options.target,
               "As if each training had stopped at this accuracy, at most the run's own target, without training anew")
        .type_name("ACCURACY");
    sub.flag("--measured", &options.measured,
             "Columns too for centralized trainings that a meter measured, at each PUE and in each row's grid");
    add_verify(sub, options.verify);
}

}  // namespace fedgram::experiments
