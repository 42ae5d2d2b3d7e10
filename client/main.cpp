#include <CLI/CLI.hpp>

#include "client/client.hpp"
#include "client/node_list.hpp"
#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "common/net/address.hpp"
#include "datasets/shared_data.hpp"

int main(int argc, char** argv)
{
    CLI::App app{"Hosts nodes of a Fedgram run: connects to its coordinator, trains them when told to, and answers.\n\n"
                 "Example:\n  fedgram-client --connect 192.0.2.7:7000 --nodes 0-4 --data-dir ~/fashion-mnist",
                 "fedgram-client"};
    fedgram::client::Options options;
    std::string nodes;
    std::optional<std::filesystem::path> data_folder;
    std::optional<int> data_descriptor;
    std::string core_power;
    std::uint32_t patience_s = 600;
    std::optional<std::filesystem::path> secret_file;
    fedgram::net::TlsOptions tls;
    app.add_option("--connect", options.coordinator, "The coordinator's HOST:PORT")->required();
    app.add_option("--nodes", nodes, "The nodes that this process hosts, as in 0-4,7")->required();
    auto* folder = app.add_option("--data-dir", data_folder,
                                  "Folder of the dataset's files (default: where its Debian package puts them)");
    app.add_option("--data-fd", data_descriptor,
                   "What `fedgram run` passes to the processes that it starts: a descriptor that they inherit, of memory\n"
                   "that holds the dataset; they map it instead of reading files")
        ->check(CLI::NonNegativeNumber)
        ->excludes(folder);
    app.add_option("--patience", patience_s, "Seconds to try to reach a coordinator again that was lost")
        ->capture_default_str();
    app.add_option("--core-w", core_power,
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
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return fedgram::exit_code_of("fedgram-client", [&] { throw fedgram::SpecError{error.what()}; });
    }
    return fedgram::exit_code_of("fedgram-client", [&] {
        options.nodes = fedgram::client::parse_node_list(nodes);
        using fedgram::datasets::DataSource;
        options.data = data_descriptor ? DataSource{fedgram::datasets::map_shared_data(*data_descriptor)}
                                       : DataSource{data_folder};
        options.reconnect_patience = std::chrono::seconds{patience_s};
        if (!core_power.empty())
            options.core_power = fedgram::energy::parse_core_power(core_power);
        options.secret = fedgram::protocol::given_secret(secret_file);
        if (const auto files = fedgram::net::tls_files(
                tls, fedgram::net::node_file_name(options.nodes.text())))
            options.tls = std::make_shared<const fedgram::net::Tls>(
                fedgram::net::Tls::of_client(*files, fedgram::net::host_of(options.coordinator)));
        fedgram::client::Client{options}.run();
    });
}
