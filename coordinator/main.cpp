#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>

#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "coordinator/coordinator.hpp"
#include "datasets/sharing/shared_data.hpp"

int main(int argc, char** argv)
{
    CLI::App app{
        "Conducts a Fedgram run: waits for clients that host every node, runs the trainings of a resolved "
        "specification, writes the run folder.\n\n"
        "Example:\n  fedgram resolve table4 --out spec.json\n"
        "  fedgram certs --out certs --nodes 10 --hosts first-machine\n"
        "  fedgram-coordinator --spec spec.json --out results/two-machines --listen 0.0.0.0:7000 --tls certs",
        "fedgram-coordinator"};
    fedgram::coordinator::Options options;
    std::optional<std::filesystem::path> data_folder;
    std::optional<int> data_descriptor;
    std::string resumed;
    double checkpoint_interval_s = 1;
    std::string core_power;
    std::optional<std::filesystem::path> secret_file;
    fedgram::net::TlsOptions tls;
    bool insecure = false;
    auto* spec = app.add_option("--spec", options.spec, "A specification as `fedgram resolve` writes it");
    auto* out = app.add_option("--out", options.folder, "Folder of the run")->needs(spec);
    auto* resume = app.add_option("--resume", resumed, "Folder of an interrupted run: go on from its last checkpoint");
    resume->excludes(spec)->excludes(out);
    app.add_option("--checkpoint-interval", checkpoint_interval_s, "Seconds between checkpoints, at least")
        ->check(CLI::Range(0.0, 86400.0))
        ->capture_default_str();
    app.add_option("--listen", options.listen, "HOST:PORT to listen on; port 0 takes a free one")
        ->capture_default_str();
    auto* folder = app.add_option("--data-dir", data_folder,
                                  "Folder of the dataset's files (default: where its Debian package puts them)");
    app.add_option(
           "--data-fd", data_descriptor,
           "What `fedgram run` passes to the processes that it starts: a descriptor that they inherit, of memory\n"
           "that holds the dataset; they map it instead of reading files")
        ->check(CLI::NonNegativeNumber)
        ->excludes(folder);
    app.add_option(
        "--core-w", core_power,
        "What a busy core of this machine draws, in watts, as W or LOW:LIKELY:HIGH: estimates its own processes'\n"
        "energy by their CPU time, beside what meters read (default: no estimate)");
    app.add_option(
        "--secret-file", secret_file,
        "File with the run's secret, 64 hexadecimal digits (default: the environment's FEDGRAM_SECRET, or none)");
    app.add_option("--tls", tls.folder,
                   "Folder that `fedgram certs` has made: encrypt, and let in who has a certificate for its nodes");
    app.add_option("--tls-ca", tls.authority, "Certificate of the authority (default: authority.pem in that folder)");
    app.add_option("--tls-cert", tls.certificate, "This process's certificate (default: coordinator.pem there)");
    app.add_option("--tls-key", tls.key, "Its key (default: coordinator.key there)");
    app.add_option("--tls-crl", tls.revoked, "What the authority has revoked (default: revoked.pem there, if it is)");
    app.add_flag("--insecure-listen", insecure,
                 "Listen beyond this machine without TLS: whoever is on the way can read and change the run");
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return fedgram::exit_code_of("fedgram-coordinator", [&] { throw fedgram::SpecError{error.what()}; });
    }
    // Warnings go where progress goes: standard output is for the address alone.
    spdlog::set_default_logger(spdlog::stderr_logger_st("fedgram-coordinator"));
    return fedgram::exit_code_of("fedgram-coordinator", [&] {
        using fedgram::datasets::DataSource;
        options.data = data_descriptor ? DataSource{fedgram::datasets::map_shared_data(*data_descriptor)}
                                       : DataSource{data_folder};
        if (!core_power.empty()) options.core_power = fedgram::energy::parse_core_power(core_power);
        options.resume = !resumed.empty();
        if (options.resume) options.folder = resumed;
        if (options.folder.empty())
            throw fedgram::SpecError{"give --spec FILE and --out DIR for a new run, or --resume DIR"};
        options.checkpoint_interval = std::chrono::milliseconds{std::llround(checkpoint_interval_s * 1000)};
        options.admission.secret = fedgram::protocol::given_secret(secret_file);
        if (const auto files = fedgram::net::tls_files(tls, fedgram::net::coordinator_name))
            options.admission.tls =
                std::make_shared<const fedgram::net::Tls>(fedgram::net::Tls::of_coordinator(*files));
        if (insecure) options.insecurity = fedgram::coordinator::Insecurity::wanted;
        fedgram::coordinator::Coordinator{options}.run();
    });
}
