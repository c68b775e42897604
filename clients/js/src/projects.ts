// Projects, their settings and their keys.
import { data, get, path, post, postOnce, put, remove } from "./call.js";
import type { Carrier } from "./carrier.js";
import type { ApiKey, Project, ProjectChanges, ProjectSettings, SettingsChanges } from "./models.js";

export class ProjectCalls {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** List the account's projects, newest first, 1,000 at most. */
  list(): Promise<Project[]> {
    return this.#carrier.carryOut(get("/api/projects", data<Project[]>));
  }

  /** Return a project. */
  get(projectId: string): Promise<Project> {
    return this.#carrier.carryOut(get(path`/api/projects/${projectId}`, data<Project>));
  }

  /** Make a project; without a slug one is made from the name. */
  create(name: string, { slug, idempotencyKey }: { slug?: string; idempotencyKey?: string } = {}): Promise<Project> {
    return this.#carrier.carryOut(postOnce<Project>("/api/projects", { name, slug }, idempotencyKey));
  }

  /** Change what is given and leave the rest as it is. */
  update(projectId: string, changes: ProjectChanges): Promise<Project> {
    return this.#carrier.carryOut(put<Project>(path`/api/projects/${projectId}`, changes));
  }

  /** Delete a project with all its feedback and its keys, for good. */
  async delete(projectId: string): Promise<void> {
    await this.#carrier.carryOut(remove(path`/api/projects/${projectId}`));
  }

  /** Return a project's settings. */
  settings(projectId: string): Promise<ProjectSettings> {
    return this.#carrier.carryOut(get(path`/api/projects/${projectId}/settings`, data<ProjectSettings>));
  }

  /** Change what is given. */
  updateSettings(projectId: string, changes: SettingsChanges): Promise<ProjectSettings> {
    return this.#carrier.carryOut(put<ProjectSettings>(path`/api/projects/${projectId}/settings`, changes));
  }

  /** Tell whether a project has a key, and when it was last used; not the key itself. */
  apiKey(projectId: string): Promise<ApiKey> {
    return this.#carrier.carryOut(get(path`/api/projects/${projectId}/api-key`, data<ApiKey>));
  }

  /** Make a new key, told this once; the old one works for `overlapSeconds` more. */
  rotateApiKey(projectId: string, { overlapSeconds = 0 }: { overlapSeconds?: number } = {}): Promise<ApiKey> {
    return this.#carrier.carryOut(post<ApiKey>(path`/api/projects/${projectId}/api-key`, { overlapSeconds }));
  }
}
