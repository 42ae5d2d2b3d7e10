#include "experiments/commands/command_line.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

#include "common/error/error.hpp"
#include "common/protocol/node_set.hpp"
#include "common/text/joined.hpp"
#include "experiments/commands/calibrate.hpp"
#include "experiments/commands/certs.hpp"
#include "experiments/commands/compare.hpp"
#include "experiments/commands/devices.hpp"
#include "experiments/commands/doctor.hpp"
#include "experiments/commands/explain.hpp"
#include "experiments/commands/grid.hpp"
#include "experiments/commands/list.hpp"
#include "experiments/commands/models.hpp"
#include "experiments/commands/partition.hpp"
#include "experiments/commands/report.hpp"
#include "experiments/commands/resolve_command.hpp"
#include "experiments/commands/run.hpp"
#include "experiments/commands/sweep.hpp"
#include "experiments/commands/table.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

// All subcommands are declared here, and here alone CLI11 is included: it takes longer to compile than all the rest.

using Command = std::function<int()>;

/// A subcommand whose options live as long as the command that reads them.
template <class Options>
CLI::App* add(CLI::App& app, Command& command, const std::string& name, const std::string& what,
              const std::string& examples, int (*carry_out)(const Options&), const std::shared_ptr<Options>& options)
{
    auto* sub = app.add_subcommand(name, what);
    sub->footer("Examples:\n" + examples);
    sub->callback([&command, carry_out, options] { command = [carry_out, options] { return carry_out(*options); }; });
    return sub;
}

std::string spec_help()
{
    return "A specification: a file, or one that ships (" + joined(shipped_names("specs")) + ")";
}

void add_data_folder(CLI::App* sub, std::optional<std::filesystem::path>& folder)
{
    sub->add_option("--data-dir", folder, "Folder of the dataset's files (default: where its Debian package puts them)")
        ->type_name("DIR");
}

void add_sets(CLI::App* sub, std::vector<std::string>& sets)
{
    sub->add_option("--set", sets, "KEY=VALUE: sets any value of the specification; may be repeated")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_json(CLI::App* sub, bool& json) { sub->add_flag("--json", json, "Print JSON"); }

void add_choice(CLI::App* sub, SpecChoice& choice)
{
    sub->add_option("spec", choice.spec, spec_help())->required()->type_name("SPEC");
    add_sets(sub, choice.sets);
    add_data_folder(sub, choice.data_folder);
}

void add_run_options(CLI::App* sub, RunOptions& options)
{
    sub->add_option("--out", options.out, "Folder of the results, absent or empty (default: results/NAME-UTCTIME)")
        ->type_name("DIR");
    sub->add_option("--client-processes", options.client_processes,
                    "Processes that the nodes are dealt out to (default: one a core)");
    sub->add_option("--core-w", options.core_power,
                    "Watts of a busy core of this machine: estimates what its processes draw, beside the meters")
        ->type_name("W|LOW:LIKELY:HIGH");
    sub->add_option("--checkpoint-interval", options.checkpoint_interval_s,
                    "Seconds between checkpoints, at least (default: 1)")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 86400.0));
    sub->add_flag("--json", options.json, "Print the summary as JSON in place of the table");
}

void add_run(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<RunOptions>();
    auto* sub = add(app, command, "run", "Carry out an experiment with all its processes on this machine",
                    "  fedgram run table4-quick\n"
                    "  fedgram run my.json --out results/mine --set federated.local_epochs=5\n"
                    "  fedgram run table4 --set trainings.federated-noniid.partition.alpha=0.1 --client-processes 10\n"
                    "  fedgram run --resume results/mine",
                    run, options);
    auto* spec = sub->add_option("spec", options->choice.spec, spec_help())->type_name("SPEC");
    add_sets(sub, options->choice.sets);
    add_data_folder(sub, options->choice.data_folder);
    add_run_options(sub, *options);
    sub->add_option("--resume", options->resume, "Go on with the interrupted run in DIR from its last checkpoint")
        ->type_name("DIR")
        ->excludes(spec)
        ->excludes(sub->get_option("--set"))
        ->excludes(sub->get_option("--out"));
}

void add_reproduce(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<ReproduceOptions>();
    auto* sub = add(app, command, "reproduce", "Train a published table anew, with its values beside ours",
                    "  fedgram reproduce table4\n"
                    "  fedgram reproduce table4 --quick --out results/quick",
                    reproduce, options);
    sub->add_option("table", options->table, "The published table: table4")->required()->type_name("TABLE");
    sub->add_flag("--quick", options->quick, "Fewer training samples and a lower target: under a minute");
    add_sets(sub, options->run.choice.sets);
    add_data_folder(sub, options->run.choice.data_folder);
    add_run_options(sub, options->run);
}

void add_resolve(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<ResolveOptions>();
    auto* sub =
        add(app, command, "resolve", "Print a specification with every name and default filled in",
            "  fedgram resolve table4 --out spec.json\n"
            "  fedgram-coordinator --spec spec.json --out results/two-machines --listen 0.0.0.0:7000 --tls certs\n"
            "  fedgram-client --connect first-machine:7000 --nodes 0-9 --tls certs",
            resolve_command, options);
    add_choice(sub, options->choice);
    sub->add_option("--out", options->out, "File to write (default: standard output)")->type_name("FILE");
}

void add_sweep(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<SweepOptions>();
    auto* sub = add(app, command, "sweep", "Run a specification for a grid of values and a list of seeds",
                    "  fedgram sweep epochs-by-alpha --jobs 2 --out results/epochs-by-alpha\n"
                    "  fedgram sweep my-sweep.json --out results/mine\n"
                    "A sweep is {\"spec\": NAME, \"set\": {\"federated.local_epochs\": [1, 5]}, \"seeds\": [1, 2, 3]}.",
                    sweep, options);
    sub->add_option("sweep", options->sweep,
                    "A sweep: a file, or one that ships (" + joined(shipped_names("sweeps")) + ")")
        ->required()
        ->type_name("SWEEP");
    sub->add_option("--out", options->out, "Folder of the sweep; runs that are whole there are not done again")
        ->required()
        ->type_name("DIR");
    sub->add_option("--jobs", options->jobs, "Runs at once")->check(CLI::Range(1, 1024))->capture_default_str();
    add_data_folder(sub, options->data_folder);
}

void add_run_folder(CLI::App* sub, std::filesystem::path& folder)
{
    sub->add_option("run", folder, "Folder of a run")->required()->type_name("DIR");
}

// A list is one word with commas: were it several words, it would take the folders and the cell that follow it.
void add_assumptions(CLI::App* sub, AssumptionOptions& options)
{
    sub->add_option("--countries", options.countries, "Rows: ISO 3166 codes or names")
        ->delimiter(',')
        ->allow_extra_args(false);
    sub->add_option(
           "--grid-file", options.grid_file,
           "Countries of your own, which come before those of record: a .csv file with the columns iso3, name, "
           "year, gco2e_per_kwh, basis, source")
        ->type_name("FILE");
    auto* hourly = sub->add_option("--hourly", options.hourly,
                                   "Rows by the hour, each round's energy drawn in its own hours: .csv files, or of "
                                   "record (" +
                                       joined(hourly_series_names()) + "); in place of the run's rows")
                       ->type_name("FILE")
                       ->delimiter(',')
                       ->allow_extra_args(false);
    sub->add_option("--from", options.from,
                    "When a training begins, of --hourly, on the hour (default: the beginning of the series)")
        ->type_name("UTC")
        ->needs(hourly);
    sub->add_option("--node-places", options.node_places,
                    "Where the nodes are in turn: ISO 3166 codes or names; row is the row's country")
        ->delimiter(',')
        ->allow_extra_args(false);
    sub->add_option("--site", options.sites,
                    "Columns of a cloud region, with its grid and its PUE in every row: aws:eu-west-3")
        ->type_name("PROVIDER:REGION")
        ->delimiter(',')
        ->allow_extra_args(false);
    sub->add_option("--pue", options.pue, "Data centres' PUE, from 1 to 10")->delimiter(',')->allow_extra_args(false);
    sub->add_option("--datacenter-device", options.datacenter_devices,
                    "Devices of the centralized trainings: ids, or paths of .json files")
        ->delimiter(',')
        ->allow_extra_args(false);
    sub->add_option("--edge-device", options.edge_device, "Device of the federated trainings: an id or a path");
    sub->add_option("--network", options.network, "Method for the network's energy: router or kwh_per_gb");
    sub->add_option("--kwh-per-gb", options.kwh_per_gb,
                    "The network's kWh per GB: a number, or a figure of record such as eu-ict-mobile-2020")
        ->type_name("KWH|ID");
}

void add_table(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<TableOptions>();
    auto* sub = add(app, command, "table", "Make the emissions table of a run anew, without training",
                    "  fedgram table results/mine\n"
                    "  fedgram table results/mine --countries DEU,POL --pue 1.2 --datacenter-device v100\n"
                    "  fedgram table results/mine --edge-device my-device.json --format latex\n"
                    "  fedgram table results/mine --site aws:eu-west-3 --node-places FRA,CHN,row\n"
                    "  fedgram table results/mine --hourly US-CAL-CISO --from 2020-09-14T06:00:00Z",
                    table, options);
    add_run_folder(sub, options->run);
    add_assumptions(sub, options->assumptions);
    sub->add_option("--format", options->format, "text, md, csv, json, latex, or codecarbon (its emissions.csv)")
        ->capture_default_str();
}

void add_explain(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<ExplainOptions>();
    auto* sub = add(app, command, "explain", "Show the whole chain of one cell of a run's table, to redo it by hand",
                    "  fedgram explain results/mine \"USA/v100, PUE 1.67\"\n"
                    "  fedgram explain results/mine FRA/noniid --edge-device raspberry-pi-4",
                    explain, options);
    add_run_folder(sub, options->run);
    add_assumptions(sub, options->assumptions);
    sub->add_option("cell", options->cell, "COUNTRY/COLUMN: the column's heading, or a part that no other has")
        ->required()
        ->type_name("CELL");
    add_json(sub, options->json);
}

void add_compare(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<CompareOptions>();
    auto* sub = add(app, command, "compare", "Show why two runs' cells differ, term by term",
                    "  fedgram compare results/one-epoch results/five-epochs\n"
                    "  fedgram compare results/a results/b --countries DEU",
                    compare, options);
    add_run_folder(sub, options->run);
    add_assumptions(sub, options->assumptions);
    sub->add_option("other", options->other, "Folder of the run that is compared with it")
        ->required()
        ->type_name("DIR");
    add_json(sub, options->json);
}

void add_report(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<ReportOptions>();
    auto* sub = add(app, command, "report", "Write runs up: their budget, accuracy per gram, statements for a paper",
                    "  fedgram report results/mine --countries DEU\n"
                    "  fedgram report results/seed-1 results/seed-2 results/crashed --json\n"
                    "  fedgram report results/mine --model-card USA/noniid",
                    report, options);
    sub->add_option("runs", options->runs, "Folders of runs; of several also the budget over all, failed ones included")
        ->required()
        ->type_name("DIR");
    add_assumptions(sub, options->assumptions);
    sub->add_option("--model-card", options->model_card,
                    "One cell, COUNTRY/COLUMN, as co2_eq_emissions of a model card")
        ->type_name("CELL");
    add_json(sub, options->json);
}

void add_list(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<ListOptions>();
    auto* sub = add(app, command, "list", "List the runs in a folder",
                    "  fedgram list\n"
                    "  fedgram list results --sort co2\n"
                    "  fedgram list results/epochs-by-alpha/runs --json",
                    list, options);
    sub->add_option("folder", options->folder, "Folder that holds runs")->capture_default_str()->type_name("DIR");
    sub->add_option("--sort", options->sort, "The most first: energy, co2, cost or time (virtual)");
    add_json(sub, options->json);
}

void add_partition(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<PartitionOptions>();
    auto* sub = add(app, command, "partition", "Show how many samples of each class each node holds",
                    "  fedgram partition table4 --training federated-noniid\n"
                    "  fedgram partition table4 --set federated.nodes=20 --json",
                    partition, options);
    add_choice(sub, options->choice);
    sub->add_option("--training", options->training, "Label of one federated training (default: all)");
    sub->add_option("--first", options->first, "How many nodes to show, from node 0 on")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    add_json(sub, options->json);
}

void add_models(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<ModelsOptions>();
    auto* sub = add(app, command, "models", "List the built-in models, or the layers of one with their FLOPs",
                    "  fedgram models\n"
                    "  fedgram models small-cnn --json",
                    models, options);
    sub->add_option("name", options->name, "A built-in model")->type_name("NAME");
    add_json(sub, options->json);
}

void add_devices(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<DevicesOptions>();
    auto* sub = add(app, command, "devices", "List the device profiles, or the figures of one with their sources",
                    "  fedgram devices\n"
                    "  fedgram devices jetson-tx2\n"
                    "  fedgram devices my-device.json",
                    devices, options);
    sub->add_option("id", options->id, "A device profile: an id, or the path of a .json file")->type_name("ID");
    add_json(sub, options->json);
}

void add_calibrate(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<CalibrateOptions>();
    auto* sub = add(app, command, "calibrate", "Measure how fast one core of this machine trains, as a device profile",
                    "  fedgram calibrate --id my-board --out my-board.json      watts by this machine's meter\n"
                    "  fedgram calibrate --id my-board --train-w 6.5 --idle-w 2.7 --out my-board.json\n"
                    "  fedgram table results/mine --edge-device my-board.json",
                    calibrate, options);
    sub->add_option("--model", options->model, "A built-in model")->capture_default_str();
    sub->add_option("--id", options->id, "Id of the profile")->required();
    sub->add_option("--name", options->name, "Its name for people (default: the id)");
    auto* stated = sub->add_option("--train-w", options->train_w,
                                   "Watts of the machine while it trains one node (default: measured, where a meter "
                                   "works)");
    sub->add_option("--idle-w", options->idle_w, "Watts while it waits (default: measured)");
    sub->add_option("--boundary", options->boundary, "What stated watts enclose")
        ->needs(stated)
        ->check(CLI::IsMember({"chip", "module", "board", "wall"}))
        ->capture_default_str();
    sub->add_option("--repetitions", options->repetitions, "Trainings of each batch size")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    sub->add_option("--out", options->out, "File of the profile (default: standard output)")->type_name("FILE");
}

void add_certs(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<CertsOptions>();
    auto* sub =
        add(app, command, "certs", "Make certificates, so that machines can join a run over TLS, or revoke them",
            "  fedgram certs --out certs --nodes 10 --hosts first-machine,192.0.2.7\n"
            "  fedgram certs --out certs --group 0-4 --group 5-9\n"
            "  fedgram certs --out certs --revoke nodes-3",
            certs, options);
    sub->add_option("--out", options->out, "Folder of the authority; what is there is kept")
        ->required()
        ->type_name("DIR");
    sub->add_option("--nodes", options->nodes, "A certificate for each node from 0 to N-1")
        ->check(CLI::Range(1u, protocol::NodeSet::limit))
        ->type_name("N");
    sub->add_option("--group", options->groups, "A certificate for a client that hosts these nodes; may be repeated")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name("NODES");
    sub->add_option("--hosts", options->hosts, "Names and addresses by which clients reach the coordinator")
        ->delimiter(',')
        ->capture_default_str();
    sub->add_option("--days", options->days, "How long the certificates are valid")
        ->check(CLI::Range(1, 3650))
        ->capture_default_str();
    sub->add_option("--revoke", options->revoked, "Put a certificate on the revocation list; may be repeated")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->type_name("NAME");
}

void add_grid(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<GridOptions>();
    auto* sub = add(app, command, "grid",
                    "Show the grid intensity of a country or a cloud region with its source, or when to start",
                    "  fedgram grid FRA\n"
                    "  fedgram grid germany --year 2019 --json\n"
                    "  fedgram grid NLD --grid-file my-grid.csv\n"
                    "  fedgram grid --region gcp:europe-west1\n"
                    "  fedgram grid --region subnational:US-CA --json\n"
                    "  fedgram grid --regions aws\n"
                    "  fedgram grid --hourly --duration 6 --from 2020-09-14T06:00Z\n"
                    "  fedgram grid --hourly tomorrow.csv --duration 2.5 --json\n"
                    "A file for --hourly has the columns utc_start (2020-09-14T06:00:00Z) and gco2e_per_kwh.",
                    grid, options);
    auto* country = sub->add_option("country", options->country, "ISO 3166 code or name")->type_name("CODE");
    sub->add_option("--year", options->year,
                    "Year of the average (default: 2024, or the latest before it; of a region or a file the latest)");
    sub->add_option(
           "--grid-file", options->file,
           "Countries of your own: a .csv file with the columns iso3, name, year, gco2e_per_kwh, basis, source")
        ->type_name("FILE")
        ->needs(country);
    auto* region =
        sub->add_option("--region", options->region.region,
                        "A cloud region (aws, azure, gcp), a state (subnational) or an eGRID subregion (egrid)")
            ->type_name("PROVIDER:REGION")
            ->excludes(country);
    auto* regions = sub->add_option("--regions", options->region.provider,
                                    "List the regions of aws, azure, gcp, egrid or subnational")
                        ->type_name("PROVIDER")
                        ->excludes(country)
                        ->excludes(region);
    sub->add_option("--basis", options->region.basis,
                    "Of a region: lifecycle or direct (default: lifecycle where it is known)")
        ->check(CLI::IsMember({"lifecycle", "direct"}))
        ->needs(region);
    auto* hourly = sub->add_option("--hourly", options->hourly.series,
                                   "Find the best start within 24 hours by an hourly series: a .csv file, or one of "
                                   "record (" +
                                       joined(hourly_series_names()) + "; the default)")
                       ->type_name("FILE")
                       ->expected(0, 1)
                       ->default_str("US-CAL-CISO")
                       ->excludes(country)
                       ->excludes(region)
                       ->excludes(regions);
    sub->add_option("--duration", options->hourly.duration_h, "Hours that the training takes, at constant power")
        ->type_name("HOURS")
        ->needs(hourly);
    sub->add_option("--from", options->hourly.from,
                    "The earliest start (default: now, or the beginning of a series that doesn't hold the present)")
        ->type_name("UTC")
        ->needs(hourly);
    add_json(sub, options->json);
}

void add_doctor(CLI::App& app, Command& command)
{
    const auto options = std::make_shared<DoctorOptions>();
    auto* sub = add(app, command, "doctor", "Show what works on this machine, and why the rest does not",
                    "  fedgram doctor\n"
                    "  fedgram doctor --seconds 5 --json",
                    doctor, options);
    sub->add_option("--seconds", options->seconds, "Read each meter's mean watts over so long (default: 0, not at all)")
        ->type_name("N");
    add_json(sub, options->json);
}

std::string one_line(std::string text)
{
    text.erase(text.find_last_not_of(" \n") + 1);
    std::ranges::replace(text, '\n', ' ');
    return text;
}

}  // namespace

std::optional<Command> parse_command_line(int argc, const char* const* argv)
{
    CLI::App app{"Weighs centralized against federated training in grams of CO2e.", "fedgram"};
    app.footer(
        "Examples:\n"
        "  fedgram reproduce table4 --quick     a first table, in under a minute\n"
        "  fedgram run my.json --out results/mine\n"
        "  fedgram table results/mine --countries DEU,FRA\n"
        "`fedgram COMMAND --help` tells more.");
    app.set_version_flag("--version", FEDGRAM_VERSION);
    app.require_subcommand(1);
    Command command;
    add_run(app, command);
    add_reproduce(app, command);
    add_resolve(app, command);
    add_sweep(app, command);
    add_table(app, command);
    add_explain(app, command);
    add_compare(app, command);
    add_report(app, command);
    add_list(app, command);
    add_partition(app, command);
    add_models(app, command);
    add_devices(app, command);
    add_calibrate(app, command);
    add_certs(app, command);
    add_grid(app, command);
    add_doctor(app, command);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& asked) {  // for help or the version
        app.exit(asked);
        return std::nullopt;
    } catch (const CLI::ParseError& error) {
        throw SpecError{one_line(error.what()) + "; see fedgram --help"};
    }
    return command;
}

}  // namespace fedgram::experiments
