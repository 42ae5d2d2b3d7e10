#include "experiments/commands/certs.hpp"

#include <chrono>
#include <iostream>
#include <memory>

#include "common/error/error.hpp"
#include "common/net/tls_files.hpp"
#include "common/protocol/node_set.hpp"
#include "experiments/certificates/certificate_authority.hpp"
#include "experiments/commands/command_set.hpp"

namespace fedgram::experiments {

namespace {

std::vector<protocol::NodeSet> wanted_nodes(const CertsOptions& options)
{
    std::vector<protocol::NodeSet> wanted;
    for (std::uint32_t node = 0; node < options.nodes.value_or(0); ++node)
        wanted.emplace_back(std::vector<std::uint32_t>{node});
    for (const auto& group : options.groups) {
        const auto nodes = protocol::NodeSet::parse(group);
        if (!nodes)
            throw SpecError{"--group: \"" + group + "\" is no list of nodes; use numbers and ranges, as in 0-4,7"};
        wanted.push_back(*nodes);
    }
    return wanted;
}

/// Names go into the certificate as part of a list.
void check_hosts(const std::vector<std::string>& hosts)
{
    for (const auto& host : hosts)
        if (host.empty() ||
            host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:*") !=
                std::string::npos)
            throw SpecError{"--hosts: \"" + host +
                            "\" is no host name and no address; use names such as first.example"};
}

}  // namespace

int certs(const CertsOptions& options)
{
    const auto wanted = wanted_nodes(options);
    check_hosts(options.hosts);
    if (wanted.empty() && options.revoked.empty())
        throw SpecError{"certs: nothing to make; use --nodes N, --group 0-4, or --revoke NAME"};
    if (wanted.empty() && (options.days != CertsOptions{}.days || options.hosts != CertsOptions{}.hosts))
        throw SpecError{
            "certs: --days and --hosts are of new certificates; add --nodes N or --group 0-4, or leave them out"};
    if (!options.revoked.empty() && !std::filesystem::exists(options.out / net::authority_file))
        throw SpecError{"--revoke: there is no authority in " + options.out.string()};

    const CertificateAuthority authority{options.out};
    for (const auto& name : options.revoked) {
        authority.revoke(name);
        std::cout << "revoked " << name
                  << "; a coordinator that reads this list refuses it from its next connection on\n";
    }
    if (wanted.empty()) return 0;

    const auto now = std::chrono::system_clock::now();
    const Validity validity{now - std::chrono::hours{1}, now + std::chrono::hours{24} * options.days};
    const auto report = [&](bool made, const std::string& name) {
        std::cout << (made ? "made " : "kept ") << (options.out / name).string() << ".pem\n";
    };
    report(authority.issue_coordinator(options.hosts, validity), net::coordinator_name);
    for (const auto& nodes : wanted) report(authority.issue_nodes(nodes, validity), net::node_file_name(nodes.text()));
    std::cout << "a client needs authority.pem and the .pem and .key of its nodes; authority.key stays here\n";
    return 0;
}

void add_certs(CommandSet& commands)
{
    const auto options = std::make_shared<CertsOptions>();
    const auto sub =
        commands.add("certs", "Make certificates, so that machines can join a run over TLS, or revoke them",
                     "  fedgram certs --out certs --nodes 10 --hosts first-machine,192.0.2.7\n"
                     "  fedgram certs --out certs --group 0-4 --group 5-9\n"
                     "  fedgram certs --out certs --revoke nodes-3",
                     certs, options);
    sub.option("--out", &options->out, "Folder of the authority; what is there is kept").required().type_name("DIR");
    sub.option("--nodes", &options->nodes, "A certificate for each node from 0 to N-1")
        .between(1u, protocol::NodeSet::limit)
        .type_name("N");
    sub.option("--group", &options->groups, "A certificate for a client that hosts these nodes; may be repeated")
        .repeatable()
        .type_name("NODES");
    sub.option("--hosts", &options->hosts, "Names and addresses by which clients reach the coordinator")
        .comma_list()
        .shows_default();
    sub.option("--days", &options->days, "How long the certificates are valid").between(1, 3650).shows_default();
    sub.option("--revoke", &options->revoked, "Put a certificate on the revocation list; may be repeated")
        .repeatable()
        .type_name("NAME");
}

}  // namespace fedgram::experiments
