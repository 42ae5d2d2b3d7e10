#include <CLI/CLI.hpp>

#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "coordinator/coordinator.hpp"

int main(int argc, char** argv)
{
    CLI::App app{"Conducts a Fedgram run: waits for clients that host every node, runs the trainings of a resolved "
                 "specification, writes the run folder.\n\n"
                 "Example:\n  fedgram resolve table4 --out spec.json\n"
                 "  fedgram-coordinator --spec spec.json --out results/two-machines --listen 0.0.0.0:7000",
                 "fedgram-coordinator"};
    fedgram::coordinator::Options options;
    std::string data_folder;
    std::string core_power;
    app.add_option("--spec", options.spec, "A specification as `fedgram resolve` writes it")->required();
    app.add_option("--out", options.folder, "Folder of the run")->required();
    app.add_option("--listen", options.listen, "HOST:PORT to listen on; port 0 takes a free one")->capture_default_str();
    app.add_option("--data-dir", data_folder, "Folder of the dataset's files (default: where its Debian package puts them)");
    app.add_option("--core-w", core_power,
                   "What a busy core of this machine draws, in watts, as W or LOW:LIKELY:HIGH: estimates its own processes'\n"
                   "energy by their CPU time, beside what meters read (default: no estimate)");
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return fedgram::exit_code_of("fedgram-coordinator", [&] { throw fedgram::SpecError{error.what()}; });
    }
    return fedgram::exit_code_of("fedgram-coordinator", [&] {
        if (!data_folder.empty())
            options.data_folder = data_folder;
        if (!core_power.empty())
            options.core_power = fedgram::energy::parse_core_power(core_power);
        fedgram::coordinator::Coordinator{options}.run();
    });
}
