//! Which image Harness runs for a security step.

/// Types of steps and the repository that they run, of namespace `harness`. Types without a
/// published repository of their name are left out.
const SCANNERS: [(&str, &str); 34] = [
    ("AWSECR", "aws-ecr"),
    ("AWSSecurityHub", "aws-security-hub"),
    ("Anchore", "anchore"),
    ("AquaSecurity", "aqua-security"),
    ("AquaTrivy", "aqua-trivy"),
    ("Bandit", "bandit"),
    ("BlackDuck", "blackduckhub"),
    ("Brakeman", "brakeman"),
    ("Burp", "burp"),
    ("Checkmarx", "checkmarx"),
    ("Checkov", "checkov"),
    ("Fossa", "fossa"),
    ("GithubAdvancedSecurity", "github-advanced-security"),
    ("Gitleaks", "gitleaks"),
    ("Grype", "grype"),
    ("Mend", "whitesource-agent"),
    ("NexusIQ", "nexusiq"),
    ("Nikto", "nikto"),
    ("Nmap", "nmap"),
    ("Osv", "osv"),
    ("OsvScanner", "osv"),
    ("Owasp", "owasp-dependency-check"),
    ("PrismaCloud", "twistlock"),
    ("Prowler", "prowler"),
    ("Semgrep", "semgrep"),
    ("ShiftLeft", "shiftleft"),
    ("Snyk", "snyk"),
    ("Sonarqube", "sonarqube-agent"),
    ("Sysdig", "sysdig"),
    ("Traceable", "traceable"),
    ("Veracode", "veracode-agent"),
    ("Whitesource", "whitesource-agent"),
    ("Wiz", "wiz"),
    ("Zap", "zap"),
];

/// The repository whose tag `spec.imageTag` of a step of this type pins.
pub(super) fn repository(step_type: &str) -> Option<String> {
    let (_, scanner) = SCANNERS.iter().find(|(name, _)| *name == step_type)?;
    Some(format!("harness/{scanner}-job-runner"))
}
