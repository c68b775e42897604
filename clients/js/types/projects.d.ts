import type { Carrier } from "./carrier.js";
import type { ApiKey, Project, ProjectChanges, ProjectSettings, SettingsChanges } from "./models.js";
export declare class ProjectCalls {
    #private;
    constructor(carrier: Carrier);
    /** List the account's projects, newest first, 1,000 at most. */
    list(): Promise<Project[]>;
    /** Return a project. */
    get(projectId: string): Promise<Project>;
    /** Make a project; without a slug one is made from the name. */
    create(name: string, { slug, idempotencyKey }?: {
        slug?: string;
        idempotencyKey?: string;
    }): Promise<Project>;
    /** Change what is given and leave the rest as it is. */
    update(projectId: string, changes: ProjectChanges): Promise<Project>;
    /** Delete a project with all its feedback and its keys, for good. */
    delete(projectId: string): Promise<void>;
    /** Return a project's settings. */
    settings(projectId: string): Promise<ProjectSettings>;
    /** Change what is given. */
    updateSettings(projectId: string, changes: SettingsChanges): Promise<ProjectSettings>;
    /** Tell whether a project has a key, and when it was last used; not the key itself. */
    apiKey(projectId: string): Promise<ApiKey>;
    /** Make a new key, told this once; the old one works for `overlapSeconds` more. */
    rotateApiKey(projectId: string, { overlapSeconds }?: {
        overlapSeconds?: number;
    }): Promise<ApiKey>;
}
