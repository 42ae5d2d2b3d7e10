#include "experiments/launch/slurm/join_folder.hpp"

#include <sys/stat.h>

#include <chrono>

#include "common/error/errno_error.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/protocol/node_set.hpp"
#include "common/protocol/secret.hpp"
#include "experiments/certificates/certificate_authority.hpp"

namespace fedgram::experiments::slurm {

namespace {

using namespace std::chrono_literals;

// The certificates go with the folder. A run that lasts longer than this has been taken up in between.
constexpr auto valid_for = std::chrono::hours{24 * 365};

}  // namespace

JoinFolder::JoinFolder(const std::filesystem::path& run, Trust trust, const std::vector<std::string>& hosts,
                       const std::vector<std::string>& nodes)
    : path_{std::filesystem::absolute(run / "join")}
{
    std::error_code none;
    std::filesystem::remove_all(path_, none);
    if (::mkdir(path_.c_str(), 0700) != 0) throw errno_error(path_.string() + " can't be made");
    if (trust == Trust::private_network) {
        static_cast<void>(files::write_new_file(path_ / secret_file, protocol::Secret::random().hex() + "\n",
                                                files::Secrecy::secret));
        return;
    }
    const CertificateAuthority authority{path_};
    const auto now = std::chrono::system_clock::now();
    const Validity validity{now - 1h, now + valid_for};  // the clocks of two nodes may differ
    static_cast<void>(authority.issue_coordinator(hosts, validity));
    for (const auto& list : nodes)
        static_cast<void>(authority.issue_nodes(protocol::NodeSet::parse(list).value(), validity));
}

JoinFolder::~JoinFolder()
{
    std::error_code none;
    std::filesystem::remove_all(path_, none);
}

}  // namespace fedgram::experiments::slurm
