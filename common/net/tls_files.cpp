#include "common/net/tls_files.hpp"

#include "common/error/error.hpp"
#include "common/protocol/private_file.hpp"

namespace fedgram::net {

namespace {

using Path = std::filesystem::path;

Path chosen(const std::optional<Path>& file, const TlsOptions& options, const std::string& name, const char* option)
{
    if (!file && !options.folder)
        throw SpecError{std::string{option} +
                        " is not given; use --tls DIR, or all of --tls-ca, --tls-cert, --tls-key"};
    auto path = file.value_or(options.folder.value_or(Path{}) / name);
    if (!std::filesystem::is_regular_file(path))
        throw SpecError{path.string() + " is not there; name another file by " + option +
                        ", or make it by `fedgram certs`"};
    return path;
}

}  // namespace

std::string node_file_name(const std::string& nodes) { return "nodes-" + nodes; }

std::optional<TlsFiles> tls_files(const TlsOptions& options, const std::string& own_name)
{
    if (!options.folder && !options.authority && !options.certificate && !options.key && !options.revoked)
        return std::nullopt;
    TlsFiles files{chosen(options.authority, options, authority_file, "--tls-ca"),
                   chosen(options.certificate, options, own_name + ".pem", "--tls-cert"),
                   chosen(options.key, options, own_name + ".key", "--tls-key")};
    protocol::refuse_open_to_others(files.key, "the key in " + files.key.string());
    if (options.revoked || (options.folder && std::filesystem::exists(*options.folder / revoked_file)))
        files.revoked = chosen(options.revoked, options, revoked_file, "--tls-crl");
    return files;
}

}  // namespace fedgram::net
