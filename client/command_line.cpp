#include "client/command_line.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include <nlohmann/json.hpp>

#include "client/connection/client.hpp"
#include "client/fork_server/fork_server.hpp"
#include "client/node_list.hpp"
#include "common/command_line/shared_options.hpp"
#include "common/command_line/terminal.hpp"
#include "common/error/exit_code.hpp"
#include "common/files/descriptor.hpp"
#include "common/net/tls_files.hpp"
#include "common/protocol/secret.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/parse_data.hpp"
#include "datasets/sharing/data_source.hpp"

namespace fedgram::client {

namespace {

/// Nothing when help or the like was asked for, which then has been printed.
std::optional<Options> parse_options(const std::vector<std::string>& arguments)
{
    CLI::App app{"Hosts nodes of a Fedgram run: connects to its coordinator, trains them when told to, and answers",
                 "fedgram-client"};
    app.footer("Examples:\n  fedgram-client --connect 192.0.2.7:7000 --nodes 0-4 --data-dir ~/fashion-mnist");
    command_line::add_about_options(app);
    Options options;
    std::vector<std::string> nodes;
    std::string core_power;
    std::uint32_t patience_s = 600;
    std::string state_folder;
    command_line::DataOptions data;
    command_line::CredentialOptions credentials;
    app.add_option("--connect", options.coordinator, "The coordinator's HOST:PORT")->required();
    app.add_option("--nodes", nodes, "The nodes that this process hosts, as in 0-4,7 or 0-4 7")->required();
    command_line::add_data_options(app, data);
    app.add_option("--state-dir", state_folder,
                   "Folder for what only the nodes can know: what error feedback has left to send");
    app.add_option("--patience", patience_s, "Seconds to try to reach a coordinator again that was lost")
        ->capture_default_str();
    command_line::add_core_power_option(app, core_power);
    command_line::add_credential_options(app, credentials, "show a certificate for the nodes",
                                         net::node_file_name("NODES"));
    if (!command_line::parse(app, arguments)) return std::nullopt;

    std::string list;
    for (const auto& word : nodes) list += word + " ";
    options.nodes = parse_node_list(list);
    options.host.data = datasets::data_source(data.folder, data.descriptor);
    if (!state_folder.empty()) options.host.state_folder = state_folder;
    options.patience.again = std::chrono::seconds{patience_s};
    options.host.core_power = command_line::given_core_power(core_power);
    options.secret = protocol::given_secret(credentials.secret_file);
    options.tls = net::tls_files(credentials.tls, net::node_file_name(options.nodes.text()));
    return options;
}

void run_fork_server(const std::vector<std::string>& arguments)
{
    const pid_t launcher = ::getppid();
    CLI::App app{"Loads an engine and a dataset once, and forks the clients that `fedgram run` asks for",
                 "fedgram-client fork-server"};
    int socket = -1;
    std::string engine;
    std::string wanted;
    app.add_option("--socket", socket, "Descriptor by which the launcher asks")->required();
    app.add_option("--engine", engine, "What the clients compute with")->required();
    app.add_option("--data", wanted, "What they train on: the section `data` of a specification")->required();
    command_line::DataOptions data;
    command_line::add_data_options(app, data);
    if (!command_line::parse(app, arguments)) return;

    auto resources = load_training_resources(engine, spec::parse_data(spec::parse_json_text(wanted, "--data")),
                                             datasets::data_source(data.folder, data.descriptor));
    const auto client = serve_forks(files::Descriptor{socket}, launcher);
    if (!client) return;
    if (auto options = parse_options(client->arguments)) {
        options->host.cpu_seconds_before = client->cpu_seconds_before;
        run_client(*options, std::move(resources));
    }
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments)
{
    spdlog::set_default_logger(spdlog::stderr_logger_mt("fedgram-client"));
    spdlog::set_pattern(command_line::line_start() + "%+");
    return exit_code_of("fedgram-client", [&] {
        if (!arguments.empty() && arguments.front() == "fork-server")
            run_fork_server({arguments.begin() + 1, arguments.end()});
        else if (const auto options = parse_options(arguments))
            run_client(*options);
    });
}

}  // namespace fedgram::client
