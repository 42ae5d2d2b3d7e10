#include "coordinator/command_line.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include "common/command_line/shared_options.hpp"
#include "common/command_line/terminal.hpp"
#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "common/net/tls_files.hpp"
#include "common/protocol/secret.hpp"
#include "coordinator/coordinator.hpp"
#include "datasets/sharing/data_source.hpp"

namespace fedgram::coordinator {

namespace {

/// Nothing when help or the like was asked for, which then has been printed.
std::optional<Options> parse_options(const std::vector<std::string>& arguments)
{
    CLI::App app{
        "Conducts a Fedgram run: waits for clients that host every node, runs the trainings of a resolved "
        "specification, writes the run folder",
        "fedgram-coordinator"};
    app.footer(
        "Examples:\n"
        "  fedgram resolve table4 --out spec.json\n"
        "  fedgram certs --out certs --nodes 10 --hosts first-machine\n"
        "  fedgram-coordinator --spec spec.json --out results/two-machines --listen 0.0.0.0:7000 --tls certs");
    command_line::add_about_options(app);
    Options options;
    command_line::DataOptions data;
    command_line::CredentialOptions credentials;
    std::string resumed;
    double checkpoint_interval_s = 1;
    std::string core_power;
    std::filesystem::path store_folder;
    double store_gib = store::StorePlace::default_gib;
    auto* const spec = app.add_option("--spec", options.spec, "A specification as `fedgram resolve` writes it");
    auto* const out = app.add_option("--out", options.folder, "Folder of the run")->needs(spec);
    app.add_option("--resume", resumed, "Folder of an interrupted run: go on from its last checkpoint")
        ->excludes(spec)
        ->excludes(out);
    app.add_option("--checkpoint-interval", checkpoint_interval_s, "Seconds between checkpoints, at least")
        ->check(CLI::Range(0.0, 86400.0))
        ->capture_default_str();
    app.add_option("--pause-at", options.pause_at,
                   "Stop, with a checkpoint, where a training has so many rounds and hasn't ended")
        ->check(CLI::Range(std::uint32_t{1}, std::numeric_limits<std::uint32_t>::max()))
        ->type_name("ROUNDS");
    app.add_option("--listen", options.listen, "HOST:PORT to listen on; port 0 takes a free one")
        ->capture_default_str();
    auto* const store =
        app.add_option("--store", store_folder,
                       "Take trainings from this folder that came of the same before, and keep those that are trained");
    app.add_option("--store-limit", store_gib, "GiB that the store may take")
        ->needs(store)
        ->check(CLI::Range(1e-9, 1e9))
        ->capture_default_str();
    command_line::add_data_options(app, data);
    command_line::add_core_power_option(app, core_power);
    command_line::add_credential_options(app, credentials, "let in who has a certificate for its nodes",
                                         net::coordinator_name);
    app.add_flag("--insecure-listen", options.insecure_listen,
                 "Listen beyond this machine without TLS: whoever is on the way can read and change the run");
    if (!command_line::parse(app, arguments)) return std::nullopt;

    options.data = datasets::data_source(data.folder, data.descriptor);
    options.core_power = command_line::given_core_power(core_power);
    options.resume = !resumed.empty();
    if (options.resume) options.folder = resumed;
    if (options.folder.empty()) throw SpecError{"give --spec FILE and --out DIR for a new run, or --resume DIR"};
    options.checkpoint_interval = std::chrono::milliseconds{std::llround(checkpoint_interval_s * 1000)};
    if (!store_folder.empty()) options.store = {store_folder, store_gib};
    options.secret = protocol::given_secret(credentials.secret_file);
    options.tls = net::tls_files(credentials.tls, net::coordinator_name);
    return options;
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments)
{
    // Warnings go where progress goes: standard output is for the address alone.
    spdlog::set_default_logger(spdlog::stderr_logger_st("fedgram-coordinator"));
    spdlog::set_pattern(command_line::line_start() + "%+");
    return exit_code_of("fedgram-coordinator", [&] {
        if (const auto options = parse_options(arguments)) run_coordinator(*options);
    });
}

}  // namespace fedgram::coordinator
