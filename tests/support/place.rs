//! Scripts of a plan as they run: its files in a folder, with programs in the place of cluster, machines and monitoring.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::Built;

/// A cluster whose objects are files: `images/KIND-NAME`, `replicas/NAME`, `before/KIND-NAME`, `track/SERVICE`.
const KUBECTL: &str = r#"#!/bin/sh
echo "kubectl $*" >> log
[ "$1" != --context ] || shift 2
[ "$1" != -n ] || shift 2
verb=$1
shift
case $verb in
    get)
        case $1 in */*) key=$(echo "$1" | tr / -) ;; *) key=$1-$2 ;; esac
        case $* in
            *selector*) cat "track/$2" ;;
            *replicas*) cat "replicas/${key#*-}" ;;
            *image-before*) cat "before/$key" 2> /dev/null || true ;;
            *) cat "images/$key" ;;
        esac
        ;;
    set)
        key=$(echo "$2" | tr / -)
        echo "${3#*=}" > "images/$key"
        ;;
    scale) echo "${2#*=}" > "replicas/${1#*/}" ;;
    annotate)
        key=$(echo "$1" | tr / -)
        echo "${2#*=}" > "before/$key"
        ;;
    patch) echo "$4" | sed 's/.*track":"\([a-z]*\).*/\1/' > "track/$2" ;;
    apply) [ "$*" != '-f -' ] || cat > applied ;;
    rollout) [ ! -e unready ] || ! grep -q "$2" unready ;;
esac
"#;

/// The files of a plan in a folder, with stubs in front of the real programs.
pub struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// The scripts and settings of a plan.
    pub fn of(built: &Built) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Self { folder };
        for file in
            built.plan.artefacts.iter().filter(|file| file.path.starts_with("ops/") || file.path.starts_with("deploy/"))
        {
            place.write(&file.path, &file.content);
        }
        for stub in ["ops/load-secrets.sh", "bin/curl", "bin/sleep"] {
            place.write(stub, &format!("#!/bin/sh\necho \"{} $*\" >> log\n", stub.rsplit('/').next().unwrap()));
        }
        place
    }

    /// The same beside a cluster; its gate passes unless a file `bad` is there.
    pub fn in_cluster(built: &Built) -> Self {
        let place = Self::of(built);
        place.write("bin/kubectl", KUBECTL);
        place.write("ops/release-gate.sh", "#!/bin/sh\necho \"gate $*\" >> log\n[ ! -e bad ]\n");
        fs::create_dir_all(place.path().join("before")).unwrap();
        place
    }

    /// Where they stand.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a program or a file there.
    pub fn write(&self, path: &str, content: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What a file holds; nothing when it is not there.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_default().trim_end().to_string()
    }

    /// Runs a command of the shell; whether it held, and what it said.
    pub fn run(&self, command: &str) -> (bool, String) {
        let _ = fs::remove_file(self.path().join("log"));
        let bin = format!("{}:{}", self.path().join("bin").display(), std::env::var("PATH").unwrap());
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).current_dir(self.path()).env("PATH", bin).env("REGISTRY", "registry.test");
        shell.env("PUBLIC_URL", "https://test").env("PROMETHEUS_URL", "http://test");
        let out = shell.output().unwrap();
        (
            out.status.success(),
            format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)),
        )
    }
}
