#include "common/command_line/shared_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <utility>

#include "common/command_line/empty_values.hpp"
#include "common/command_line/manual_page.hpp"
#include "common/error/error.hpp"

namespace fedgram::command_line {

bool parse(CLI::App& app, std::vector<std::string> arguments)
{
    refuse_empty_values(app);
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the end
    try {
        app.parse(std::move(arguments));
    } catch (const CLI::Success& asked) {
        app.exit(asked);
        return false;
    } catch (const CLI::ParseError& error) {
        throw SpecError{error.what()};
    }
    return true;
}

void add_about_options(CLI::App& app)
{
    app.set_version_flag("--version", FEDGRAM_VERSION);
    app.add_flag_callback(
        "--man",
        [&app] {
            std::cout << manual_page(app, FEDGRAM_VERSION, {"fedgram"});
            throw CLI::Success{};
        },
        "Print this help as a manual page, for `man -l`");
}

void add_data_options(CLI::App& app, DataOptions& options)
{
    auto* const folder = app.add_option("--data-dir", options.folder,
                                        "Folder of the dataset's files (default: where its Debian package puts them)");
    app.add_option("--data-fd", options.descriptor,
                   "What `fedgram run` passes to the processes that it starts: a descriptor that they inherit, of "
                   "memory\nthat holds the dataset; they map it instead of reading files")
        ->check(CLI::NonNegativeNumber)
        ->excludes(folder);
}

void add_core_power_option(CLI::App& app, std::string& text)
{
    app.add_option(
        "--core-w", text,
        "What a busy core of this machine draws, in watts, as W or LOW:LIKELY:HIGH: estimates its own processes'\n"
        "energy by their CPU time, beside what meters read (default: no estimate)");
}

std::optional<energy::CorePower> given_core_power(const std::string& text)
{
    if (text.empty()) return std::nullopt;
    return energy::parse_core_power(text);
}

void add_credential_options(CLI::App& app, CredentialOptions& options, const std::string& tls_purpose,
                            const std::string& own_name)
{
    auto& tls = options.tls;
    app.add_option(
        "--secret-file", options.secret_file,
        "File with the run's secret, 64 hexadecimal digits (default: the environment's FEDGRAM_SECRET, or none)");
    app.add_option("--tls", tls.folder, "Folder that `fedgram certs` has made: encrypt, and " + tls_purpose);
    app.add_option("--tls-ca", tls.authority, "Certificate of the authority (default: authority.pem in that folder)");
    app.add_option("--tls-cert", tls.certificate, "This process's certificate (default: " + own_name + ".pem there)");
    app.add_option("--tls-key", tls.key, "Its key (default: " + own_name + ".key there)");
    app.add_option("--tls-crl", tls.revoked, "What the authority has revoked (default: revoked.pem there, if it is)");
}

}  // namespace fedgram::command_line
