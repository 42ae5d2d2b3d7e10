#include "client/command_line.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "client/connection/client.hpp"
#include "client/fork_server/fork_server.hpp"
#include "client/node_list.hpp"
#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "common/net/address.hpp"
#include "datasets/sharing/shared_data.hpp"

namespace fedgram::client {

namespace {

/// Nothing when help was asked for, which then has been printed. Throws SpecError.
bool parse(CLI::App& app, std::vector<std::string> arguments)
{
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the end
    try {
        app.parse(std::move(arguments));
    } catch (const CLI::CallForHelp& help) {
        app.exit(help);
        return false;
    } catch (const CLI::ParseError& error) {
        throw SpecError{error.what()};
    }
    return true;
}

/// The options that say where the data are.
class DataOptions {
public:
    explicit DataOptions(CLI::App& app)
    {
        auto* folder = app.add_option("--data-dir", folder_,
                                      "Folder of the dataset's files (default: where its Debian package puts them)");
        app.add_option("--data-fd", descriptor_,
                       "What `fedgram run` passes to the processes that it starts: a descriptor that they inherit, of "
                       "memory\nthat holds the dataset; they map it instead of reading files")
            ->check(CLI::NonNegativeNumber)
            ->excludes(folder);
    }

    /// Throws DataError for a descriptor of anything else.
    [[nodiscard]] datasets::DataSource source() const
    {
        return descriptor_ ? datasets::DataSource{datasets::map_shared_data(*descriptor_)}
                           : datasets::DataSource{folder_};
    }

private:
    std::optional<std::filesystem::path> folder_;
    std::optional<int> descriptor_;
};

std::optional<Options> parse_options(const std::vector<std::string>& arguments)
{
    CLI::App app{
        "Hosts nodes of a Fedgram run: connects to its coordinator, trains them when told to, and answers.\n\n"
        "Example:\n  fedgram-client --connect 192.0.2.7:7000 --nodes 0-4 --data-dir ~/fashion-mnist",
        "fedgram-client"};
    Options options;
    std::string nodes;
    std::string core_power;
    std::uint32_t patience_s = 600;
    std::optional<std::filesystem::path> secret_file;
    net::TlsOptions tls;
    app.add_option("--connect", options.coordinator, "The coordinator's HOST:PORT")->required();
    app.add_option("--nodes", nodes, "The nodes that this process hosts, as in 0-4,7")->required();
    const DataOptions data{app};
    app.add_option("--patience", patience_s, "Seconds to try to reach a coordinator again that was lost")
        ->capture_default_str();
    app.add_option(
        "--core-w", core_power,
        "What a busy core of this machine draws, in watts, as W or LOW:LIKELY:HIGH: estimates its own processes'\n"
        "energy by their CPU time, beside what meters read (default: no estimate)");
    app.add_option(
        "--secret-file", secret_file,
        "File with the run's secret, 64 hexadecimal digits (default: the environment's FEDGRAM_SECRET, or none)");
    app.add_option("--tls", tls.folder,
                   "Folder that `fedgram certs` has made: encrypt, and show a certificate for the nodes");
    app.add_option("--tls-ca", tls.authority, "Certificate of the authority (default: authority.pem in that folder)");
    app.add_option("--tls-cert", tls.certificate, "This process's certificate (default: nodes-NODES.pem there)");
    app.add_option("--tls-key", tls.key, "Its key (default: nodes-NODES.key there)");
    app.add_option("--tls-crl", tls.revoked, "What the authority has revoked (default: revoked.pem there, if it is)");
    if (!parse(app, arguments)) return std::nullopt;

    options.nodes = parse_node_list(nodes);
    options.data = data.source();
    options.reconnect_patience = std::chrono::seconds{patience_s};
    if (!core_power.empty()) options.core_power = energy::parse_core_power(core_power);
    options.secret = protocol::given_secret(secret_file);
    const auto node_name = net::node_file_name(options.nodes.text());
    if (const auto files = net::tls_files(tls, node_name))
        options.tls = std::make_shared<const net::Tls>(net::Tls::of_client(*files, net::host_of(options.coordinator)));
    return options;
}

void run_client(const std::vector<std::string>& arguments)
{
    if (auto options = parse_options(arguments)) Client{std::move(*options)}.run();
}

void run_fork_server(const std::vector<std::string>& arguments)
{
    const pid_t launcher = ::getppid();
    CLI::App app{"Loads an engine and a dataset once, and forks the clients that `fedgram run` asks for",
                 "fedgram-client fork-server"};
    int socket = -1;
    std::string engine;
    std::string dataset;
    app.add_option("--socket", socket, "Descriptor by which the launcher asks")->required();
    app.add_option("--engine", engine, "What the clients compute with")->required();
    app.add_option("--dataset", dataset, "What they train on")->required();
    const DataOptions data{app};
    if (!parse(app, arguments)) return;

    auto resources = load_training_resources(engine, dataset, data.source());
    const auto client = serve_forks(socket, launcher);
    if (!client) return;
    if (auto options = parse_options(client->arguments)) {
        options->cpu_seconds_before = client->cpu_seconds_before;
        Client{std::move(*options), std::move(resources)}.run();
    }
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments)
{
    spdlog::set_default_logger(spdlog::stderr_logger_mt("fedgram-client"));
    return exit_code_of("fedgram-client", [&] {
        if (!arguments.empty() && arguments.front() == "fork-server")
            run_fork_server({arguments.begin() + 1, arguments.end()});
        else
            run_client(arguments);
    });
}

}  // namespace fedgram::client
